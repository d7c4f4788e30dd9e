using IdentityHub.Pages;
using IdentityHub.Persons;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary><c>/forgot-password</c>: a link to choose a new one goes to the mailbox, if it is one of an account. The answer is the same either way.</summary>
internal static class ForgotPassword
{
    public const string Path = "/forgot-password";

    public static RazorComponentResult<ForgotPasswordPage> Get() => Page(null, null, StatusCodes.Status200OK);

    public static async Task<IResult> Post([FromForm(Name = "email")] string? typed, PasswordReset reset)
    {
        var email = typed?.Trim();
        if (NewAccount.EmailError(email) is { } error)
        {
            return Page(email, error, StatusCodes.Status400BadRequest);
        }

        await reset.AskAsync(email!);
        return new RazorComponentResult<CheckMailboxPage>(new { Sentence = Texts.MailedReset.Strong(email!), Email = email });
    }

    private static RazorComponentResult<ForgotPasswordPage> Page(string? email, string? error, int status) =>
        new(new { Email = email, Error = error }) { StatusCode = status };
}
