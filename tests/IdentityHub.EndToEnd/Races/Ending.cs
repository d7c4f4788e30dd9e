using System.Security.Cryptography;
using IdentityHub.Data;
using IdentityHub.Revocation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityHub.EndToEnd.Races;

/// <summary>The ways in which a guest's session is ended in a race.</summary>
internal enum Door
{
    /// <summary>In the browser: with the hint of an ID token, or on the hub's own page.</summary>
    SignOut,

    /// <summary>Everything of the person, offline grants included, together with a new password.</summary>
    PasswordReset,

    /// <summary>
    /// The same, with its transaction held open: the worst interleaving, in which a request arrives after the rows were
    /// locked and before the revocation is visible.
    /// </summary>
    HeldPasswordReset,
}

internal static class Ending
{
    /// <returns>The session's row as it was when the revocation had answered.</returns>
    public static async Task<SessionRow> RunAsync(RaceHub hub, Guest guest, Door door, bool withHint, TimeSpan hold)
    {
        if (door is Door.SignOut)
        {
            await SignOutAsync(hub, guest, withHint);
        }
        else
        {
            await hub.Inside.ActAsync(services => ResetAsync(services, guest, hub.OtherPasswordHash, door is Door.HeldPasswordReset ? hold : TimeSpan.Zero));
        }

        return await hub.Inside.AskAsync(db => SessionRow.OfAsync(db, guest.SessionId));
    }

    private static async Task SignOutAsync(RaceHub hub, Guest guest, bool withHint)
    {
        var page = await guest.Browser.At(hub.Second).EndSessionAsync(idTokenHint: withHint ? guest.IdToken : null);
        if (!page.Shows("signed-out"))
        {
            throw page.Unexpected("to be signed out");
        }
    }

    private static Task<Ended> ResetAsync(IServiceProvider services, Guest guest, string passwordHash, TimeSpan hold)
    {
        var db = services.GetRequiredService<HubDb>();
        return db.InTransactionAsync(async () =>
        {
            var ended = await services.GetRequiredService<SessionRevoker>().EndPersonAsync(
                guest.UserId, null, RevocationReason.PasswordReset, Initiator.System, () => ChangePasswordAsync(db, guest.UserId, passwordHash));
            await Task.Delay(hold, TimeProvider.System);
            return ended;
        });
    }

    private static async Task<bool> ChangePasswordAsync(HubDb db, Guid person, string passwordHash) => await db.Users.Where(u => u.Id == person)
        .ExecuteUpdateAsync(u => u
            .SetProperty(x => x.SecurityStamp, RandomNumberGenerator.GetHexString(32))
            .SetProperty(x => x.PasswordHash, passwordHash)) == 1;
}
