using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Users;

namespace IdentityHub.Account;

/// <summary>Lets a person in who has proved who they are: the one place where a proof becomes a session.</summary>
internal sealed class Admission(HubDb db, SessionOpener sessions, SessionRevoker revoker, AuditTrail audit)
{
    /// <summary>
    /// Renews the session of the same person in this browser, or opens one; the session of another person in this
    /// browser ends first, in all its applications. False when the account changed since the proof was checked.
    /// </summary>
    public async Task<bool> AdmitAsync(HttpContext context, User user, string amr)
    {
        var current = CurrentSession.Of(context);
        if (current is not null && current.UserId != user.Id)
        {
            await revoker.EndSessionAsync(current.Id, RevocationReason.ReplacedBySignIn, Initiator.Person(user.Id));
            current = null;
        }

        return await db.InTransactionAsync(async () =>
        {
            var renewed = current is not null && await sessions.RenewAsync(context, current, user, amr);
            var session = renewed ? current!.Id : (await sessions.OpenAsync(context, user, amr))?.Id;
            if (session is null)
            {
                return false;
            }

            audit.Add(db, renewed ? "authenticated_again" : "signed_in", Initiator.Person(user.Id).Name, user.Id, session);
            await db.SaveChangesAsync();
            return true;
        });
    }
}
