using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary><c>/account/password</c>: the current password and a new one (ASVS 6.2.2, 6.2.3), and what the change ends.</summary>
internal static class ChangePassword
{
    public const string Path = "/account/password";

    public static Task<RazorComponentResult<ChangePasswordPage>> Get(CurrentSession session, WhatEnds whatEnds, CancellationToken cancel) =>
        PageAsync(session, whatEnds, new(), StatusCodes.Status200OK, cancel);

    public static async Task<IResult> Post(
        [AsParameters] ChangePasswordForm form, HttpContext context, CurrentSession session, PasswordChange change, PasswordRules rules, WhatEnds whatEnds, Endings endings)
    {
        var filled = new ChangePasswordPage.Form(form.EndThis is not null)
        {
            CurrentError = string.IsNullOrEmpty(form.Current) ? Texts.PasswordCurrentMissing : null,
            ChosenError = rules.Error(form.Chosen, session.Name, session.Email) ?? (form.Chosen == form.Current ? Texts.PasswordSame : null),
        };
        if (filled.Failed)
        {
            return await PageAsync(session, whatEnds, filled, StatusCodes.Status400BadRequest, context.RequestAborted);
        }

        var changed = await change.ChangeAsync(context, session, form.Current!, form.Chosen!, filled.EndThis);
        if (changed.WrongPassword)
        {
            return await PageAsync(session, whatEnds, filled with { CurrentError = Texts.ConfirmPasswordWrong }, StatusCodes.Status401Unauthorized, context.RequestAborted);
        }

        if (changed.Wait > TimeSpan.Zero)
        {
            return await PageAsync(session, whatEnds, filled with { CurrentError = TooManyGuesses.Say(context, changed.Wait) }, TooManyGuesses.Status, context.RequestAborted);
        }

        // Null: the session or the account changed under the form; the page, or the sign-in before it, says how it stands now.
        return changed.Ended is { } ended ? await endings.ShowAsync(context, ended, endedThis: filled.EndThis) : SeeOther.To(Path);
    }

    private static async Task<RazorComponentResult<ChangePasswordPage>> PageAsync(
        CurrentSession session, WhatEnds whatEnds, ChangePasswordPage.Form form, int status, CancellationToken cancel) =>
        new(new { session.Email, Filled = form, Others = await whatEnds.BesidesAsync(session, cancel) }) { StatusCode = status };
}

/// <summary>What the page posts.</summary>
internal sealed record ChangePasswordForm(
    [FromForm(Name = "current")] string? Current,
    [FromForm(Name = "chosen")] string? Chosen,
    [FromForm(Name = "end_this")] string? EndThis);
