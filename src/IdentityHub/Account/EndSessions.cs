using IdentityHub.Data;
using IdentityHub.Pages;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>What the person ends from the list: one session, all others, all.</summary>
internal static class EndSessions
{
    public static async Task<IResult> One(
        [FromForm(Name = "session")] string? id, HttpContext context, CurrentSession session, HubDb db, SessionRevoker revoker, Endings endings)
    {
        // Another person's session is answered like one that does not exist (specs.md §8 case 39).
        if (!Guid.TryParse(id, out var which) || !await db.Set<UserSession>().AnyAsync(s => s.Id == which && s.UserId == session.UserId, context.RequestAborted))
        {
            return TypedResults.NotFound();
        }

        var isThis = which == session.Id;
        var reason = isThis ? RevocationReason.SignedOut : RevocationReason.SessionEnded;
        var ended = await revoker.EndSessionAsync(which, reason, Initiator.Person(session.UserId));
        // Ended already, in another tab perhaps: the list says so.
        return ended == Ended.Nothing ? SeeOther.To(SessionsHere.Path) : await endings.ShowAsync(context, ended, isThis);
    }

    public static async Task<IResult> Others(HttpContext context, CurrentSession session, SessionRevoker revoker, Endings endings) =>
        await endings.ShowAsync(
            context, await revoker.EndPersonAsync(session.UserId, session.Id, RevocationReason.SignedOutOthers, Initiator.Person(session.UserId)), endedThis: false);

    public static async Task<IResult> All(HttpContext context, CurrentSession session, SessionRevoker revoker, Endings endings) =>
        await endings.ShowAsync(
            context, await revoker.EndPersonAsync(session.UserId, null, RevocationReason.SignedOutEverywhere, Initiator.Person(session.UserId)), endedThis: true);
}
