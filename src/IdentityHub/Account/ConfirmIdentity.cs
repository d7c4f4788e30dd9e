using IdentityHub.Pages;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary><c>/confirm-identity</c>: the person of this session proves again who they are, and goes back to where they were.</summary>
internal static class ConfirmIdentity
{
    public static IResult Get(HttpContext context, [FromQuery(Name = "return_url")] string? returnUrl)
    {
        var address = ReturnUrl.LocalOrHome(returnUrl);
        return CurrentSession.Of(context) is { } session
            ? Page(session, address, null, StatusCodes.Status200OK)
            : SeeOther.To(ReturnUrl.Through("/sign-in", address));
    }

    public static async Task<IResult> Post([AsParameters] ConfirmIdentityForm form, HttpContext context, PasswordSignIn signIn)
    {
        var address = ReturnUrl.LocalOrHome(form.ReturnUrl);
        if (CurrentSession.Of(context) is not { } session)
        {
            return SeeOther.To(ReturnUrl.Through("/sign-in", address));
        }

        if (string.IsNullOrEmpty(form.Password))
        {
            return Page(session, address, "Enter your password.", StatusCodes.Status400BadRequest);
        }

        // ASVS 7.2.4: the session goes on under a new cookie value, and a copy of the old one is dead.
        return await signIn.TryAsync(context, session.Email, form.Password)
            ? SeeOther.To(address)
            : Page(session, address, "This is not your password.", StatusCodes.Status401Unauthorized);
    }

    private static RazorComponentResult<ConfirmIdentityPage> Page(CurrentSession session, string returnUrl, string? error, int status) =>
        new(new { session.Email, ReturnAddress = returnUrl, Error = error }) { StatusCode = status };
}

/// <summary>What the page posts.</summary>
internal sealed record ConfirmIdentityForm(
    [FromForm(Name = "password")] string? Password,
    [FromForm(Name = "return_url")] string? ReturnUrl);
