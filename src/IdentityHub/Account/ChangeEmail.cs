using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary><c>/account/email</c>: another address for the account. Nothing changes before the new one is confirmed (specs.md §8 case 34).</summary>
internal static class ChangeEmail
{
    public const string Path = "/account/email";

    public static RazorComponentResult<ChangeEmailPage> Get(CurrentSession session) => Page(session, null, null, StatusCodes.Status200OK);

    public static async Task<IResult> Post([FromForm(Name = "email")] string? typed, CurrentSession session, EmailChange change)
    {
        var email = typed?.Trim();
        if ((NewAccount.EmailError(email) ?? (email == session.Email ? Texts.ChangeEmailSame : null)) is { } error)
        {
            return Page(session, email, error, StatusCodes.Status400BadRequest);
        }

        await change.AskAsync(session, email!);
        return new RazorComponentResult<CheckMailboxPage>(new { Sentence = Texts.MailedNewAddress.Strong(email!), Email = email });
    }

    private static RazorComponentResult<ChangeEmailPage> Page(CurrentSession session, string? typed, string? error, int status) =>
        new(new { session.Email, Typed = typed, Error = error }) { StatusCode = status };
}
