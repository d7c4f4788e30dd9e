using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary><c>/account/close</c>: says what ends and asks for the address to be typed, for there is no way back.</summary>
internal static class CloseAccount
{
    public const string Path = "/account/close";

    public static Task<RazorComponentResult<CloseAccountPage>> Get(CurrentSession session, WhatEnds whatEnds, ConnectedApplications connected, CancellationToken cancel) =>
        PageAsync(session, whatEnds, connected, null, null, StatusCodes.Status200OK, cancel);

    public static async Task<IResult> Post(
        [FromForm(Name = "email")] string? email, HttpContext context, CurrentSession session,
        AccountClosing closing, WhatEnds whatEnds, ConnectedApplications connected, Endings endings)
    {
        if (!string.Equals(email?.Trim(), session.Email, StringComparison.OrdinalIgnoreCase))
        {
            var error = string.IsNullOrWhiteSpace(email) ? Texts.CloseEmailMissing.With(session.Email) : Texts.CloseEmailOther.With(session.Email);
            return await PageAsync(session, whatEnds, connected, email?.Trim(), error, StatusCodes.Status400BadRequest, context.RequestAborted);
        }

        if (await closing.CloseAsync(session) is not { } ended)
        {
            return await PageAsync(session, whatEnds, connected, email?.Trim(), null, StatusCodes.Status409Conflict, context.RequestAborted, Texts.CloseLastAdministrator);
        }

        // Ended meanwhile, in another tab perhaps: the sign-in page says so.
        return ended == Ended.Nothing ? SeeOther.To(Path) : await endings.ShowAsync(context, ended, endedThis: true);
    }

    private static async Task<RazorComponentResult<CloseAccountPage>> PageAsync(
        CurrentSession session, WhatEnds whatEnds, ConnectedApplications connected, string? typed, string? error, int status, CancellationToken cancel, string? refused = null) =>
        new(new
        {
            session.Email,
            Typed = typed,
            Error = error,
            Refused = refused,
            OtherSessions = (await whatEnds.BesidesAsync(session, cancel)).Count,
            Applications = (await connected.OfAsync(session.UserId, cancel)).Select(a => a.Name).ToList(),
        })
        { StatusCode = status };
}
