using IdentityHub.Access;
using IdentityHub.Mail;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary>
/// <c>/account/email/confirm</c>: the person confirms the new address, signed in and after a recent proof, and sees what
/// ends with the change. The link is bound to the person and the address: in somebody else's session it is none.
/// </summary>
internal static class ConfirmNewEmail
{
    public static async Task<IResult> Get(
        [FromQuery] string? link, HttpContext context, RecentAuthentication recent, EmailChange change, WhatEnds whatEnds)
    {
        var session = CurrentSession.Of(context);
        // The address is read before anybody is asked who they are: a link that leads nowhere should say so at once.
        if (await change.FindAsync(link) is not { } found || (session is not null && session.UserId != found.UserId))
        {
            return MailedLinkPages.Gone();
        }

        return recent.Detour(session, $"{LinkPurpose.ConfirmNewAddress.Path()}?link={link}")
            ?? await PageAsync(link!, found.Data!, session!, whatEnds, context.RequestAborted);
    }

    public static async Task<IResult> Post(
        [FromForm(Name = "link")] string? link, [FromForm(Name = "end_this")] string? endThis,
        HttpContext context, RecentAuthentication recent, EmailChange change, Endings endings)
    {
        var session = CurrentSession.Of(context);
        if (await change.FindAsync(link) is not { } found || (session is not null && session.UserId != found.UserId))
        {
            return MailedLinkPages.Gone();
        }

        if (recent.Detour(session, $"{LinkPurpose.ConfirmNewAddress.Path()}?link={link}") is { } detour)
        {
            return detour;
        }

        return await change.ChangeAsync(context, session!, found, endThis is not null) is { } ended
            ? await endings.ShowAsync(context, ended, endedThis: endThis is not null)
            : MailedLinkPages.Gone();
    }

    private static async Task<RazorComponentResult<ConfirmNewEmailPage>> PageAsync(
        string link, string address, CurrentSession session, WhatEnds whatEnds, CancellationToken cancel) =>
        new(new { Secret = link, session.Email, Address = address, Others = await whatEnds.BesidesAsync(session, cancel) });
}
