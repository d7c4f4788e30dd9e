using IdentityHub.Access;
using IdentityHub.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary>
/// <c>/confirm-email</c>: who registered confirms the address, with the password they chose. The mailbox alone does not
/// do: its owner would confirm an account that a stranger made and knows the password of (specs.md §8 case 37).
/// </summary>
internal static class ConfirmEmail
{
    public static async Task<IResult> Get([FromQuery] string? link, EmailConfirmation confirmation) =>
        await confirmation.AddressAsync(link) is { } email ? Page(link!, email, null, StatusCodes.Status200OK) : MailedLinkPages.Gone();

    public static async Task<IResult> Post([AsParameters] LinkAndPasswordForm form, HttpContext context, EmailConfirmation confirmation, Admission admission)
    {
        if (await confirmation.AddressAsync(form.Link) is not { } email)
        {
            return MailedLinkPages.Gone();
        }

        if (string.IsNullOrEmpty(form.Password))
        {
            return Page(form.Link!, email, Texts.SignInPasswordMissing, StatusCodes.Status400BadRequest);
        }

        if (await confirmation.ConfirmAsync(form.Link!, form.Password) is not { } confirmed)
        {
            return Page(form.Link!, email, Texts.ConfirmEmailWrong, StatusCodes.Status401Unauthorized);
        }

        // Two factors on an account that was never confirmed are of a time when that was not asked: the usual way in, then.
        return !confirmed.User.TwoFactorEnabled && await admission.AdmitAsync(context, confirmed.User, Proof.Password)
            ? SeeOther.To(confirmed.ReturnUrl)
            : SeeOther.To(ReturnUrl.Through("/sign-in", confirmed.ReturnUrl));
    }

    private static RazorComponentResult<ConfirmEmailPage> Page(string link, string email, string? error, int status) =>
        new(new { Secret = link, Email = email, Error = error }) { StatusCode = status };
}

/// <summary>What the page posts.</summary>
internal sealed record LinkAndPasswordForm([FromForm(Name = "link")] string? Link, [FromForm(Name = "password")] string? Password);
