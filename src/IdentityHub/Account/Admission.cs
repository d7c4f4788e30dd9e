using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Devices;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.Extensions.Options;

namespace IdentityHub.Account;

/// <summary>Lets a person in who has proved who they are: the one place where a proof becomes a session.</summary>
internal sealed class Admission(HubDb db, SessionOpener sessions, SessionRevoker revoker, SessionLimit limit, KnownDevices devices, NewDevice newDevice, AuditTrail audit, IOptions<Sessions.SessionOptions> options, IOptions<AccountOptions> account)
{
    /// <summary>
    /// Renews the session of the same person in this browser, or opens one; the session of another person in this
    /// browser ends first, in all its applications. False when the account changed since the proof was checked.
    /// </summary>
    /// <param name="context">The request; its answer gets the cookie.</param>
    /// <param name="user">The person as they were when the proof was checked.</param>
    /// <param name="amr">How they proved it.</param>
    /// <param name="remember">Whether the person chose to stay signed in on this device; null where they were not asked, and a renewed session keeps its terms.</param>
    /// <param name="trustDevice">They presented the second factor and chose to leave it out here from now on.</param>
    public async Task<bool> AdmitAsync(HttpContext context, User user, string amr, bool? remember = null, bool trustDevice = false)
    {
        // Whatever the proof: specs.md §8 case 37.
        if (account.Value.RequireConfirmedEmail && !user.EmailConfirmed)
        {
            return false;
        }

        var current = CurrentSession.Of(context);
        if (current is not null && current.UserId != user.Id)
        {
            await revoker.EndSessionAsync(current.Id, RevocationReason.ReplacedBySignIn, Initiator.Person(user.Id));
            current = null;
        }

        return await db.InTransactionAsync(async () =>
        {
            var renewed = current is not null && await sessions.RenewAsync(context, current, user, amr, remember is { } chosen ? options.Value.Terms(chosen) : null);
            var session = renewed ? current!.Id : (await limit.WithinAsync(user.Id, () => sessions.OpenAsync(context, user, amr, options.Value.Terms(remember is true))))?.Id;
            if (session is null)
            {
                return false;
            }

            if (await devices.SignedInAsync(context, user, trustDevice) && !renewed)
            {
                await newDevice.TellAsync(context, user);
            }

            audit.Add(db, renewed ? "authenticated_again" : "signed_in", Initiator.Person(user.Id).Name, user.Id, session);
            await db.SaveChangesAsync();
            return true;
        });
    }
}
