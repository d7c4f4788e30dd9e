using IdentityHub.Persons;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary>
/// <c>/reset-password</c>: a new password in place of a forgotten one. It ends everything, signs nobody in, and leaves the
/// second factor as it is (ASVS 6.4.3; specs.md §8 case 31).
/// </summary>
internal static class ResetPassword
{
    public static async Task<IResult> Get([FromQuery] string? link, PasswordReset reset) =>
        await reset.FindAsync(link) is { } person ? Page(link!, person.Email, null, StatusCodes.Status200OK) : MailedLinkPages.Gone();

    public static async Task<IResult> Post(
        [FromForm(Name = "link")] string? link, [FromForm(Name = "chosen")] string? chosen,
        HttpContext context, PasswordReset reset, PasswordRules rules, Endings endings)
    {
        if (await reset.FindAsync(link) is not { } person)
        {
            return MailedLinkPages.Gone();
        }

        if (rules.Error(chosen, person.Name, person.Email) is { } error)
        {
            return Page(link!, person.Email, error, StatusCodes.Status400BadRequest);
        }

        return await reset.ResetAsync(link!, chosen!) is { } ended
            ? await endings.ShowAsync(context, ended, endedThis: CurrentSession.Of(context)?.UserId == person.Id)
            : MailedLinkPages.Gone();
    }

    private static RazorComponentResult<ResetPasswordPage> Page(string link, string email, string? error, int status) =>
        new(new { Secret = link, Email = email, Error = error }) { StatusCode = status };
}
