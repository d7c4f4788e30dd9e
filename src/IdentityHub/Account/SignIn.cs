using IdentityHub.Access;
using IdentityHub.Pages;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary><c>/sign-in</c>: e-mail address and password.</summary>
internal static class SignIn
{
    // One text for an unknown address, a wrong password and a disabled account (ASVS 6.3.8).
    private static string Refused => Texts.SignInRefused;

    public static Task<RazorComponentResult<SignInPage>> Get(
        HttpContext context, RequestingApplication application, PasskeyCeremonies ceremonies,
        [FromQuery(Name = "return_url")] string? returnUrl, [FromQuery(Name = "login_hint")] string? loginHint)
    {
        var blank = new SignInPage.Form(ReturnUrl.LocalOrHome(returnUrl), loginHint ?? CurrentSession.Of(context)?.Email, CurrentSession.Of(context)?.Terms.Remembered is true);
        return PageAsync(context, application, ceremonies, blank, StatusCodes.Status200OK);
    }

    public static async Task<IResult> Post(
        [AsParameters] SignInForm form, HttpContext context, PasswordSignIn signIn, RequestingApplication application, PasskeyCeremonies ceremonies)
    {
        var filled = new SignInPage.Form(ReturnUrl.LocalOrHome(form.ReturnUrl), form.Email?.Trim(), form.Remember is not null)
        {
            EmailError = string.IsNullOrWhiteSpace(form.Email) ? Texts.SignInEmailMissing : null,
            PasswordError = string.IsNullOrEmpty(form.Password) ? Texts.SignInPasswordMissing : null,
        };
        if (filled.Failed)
        {
            return await PageAsync(context, application, ceremonies, filled, StatusCodes.Status400BadRequest);
        }

        var answer = await signIn.TryAsync(context, filled.Email!, form.Password!, filled.Remember, RequestingApplication.AsksForMoreThanPassword(filled.ReturnUrl));
        return answer.Step switch
        {
            PasswordStep.SignedIn => SeeOther.To(filled.ReturnUrl),
            PasswordStep.SecondFactor => SeeOther.To(ReturnUrl.Through(SignInWithCode.Path, filled.ReturnUrl)),
            PasswordStep.Unconfirmed => Unconfirmed(filled),
            PasswordStep.TooMany => await PageAsync(context, application, ceremonies, filled with { Refused = TooManyGuesses.Say(context, answer.Wait) }, TooManyGuesses.Status),
            _ => await PageAsync(context, application, ceremonies, filled with { Refused = Refused }, StatusCodes.Status401Unauthorized),
        };
    }

    private static RazorComponentResult<CheckMailboxPage> Unconfirmed(SignInPage.Form filled) =>
        new(new { Sentence = Texts.SignInUnconfirmed.Strong(filled.Email!), Email = filled.Email!, ReturnAddress = filled.ReturnUrl, Again = Register.AgainPath })
        { StatusCode = StatusCodes.Status401Unauthorized };

    internal static async Task<RazorComponentResult<SignInPage>> PageAsync(
        HttpContext context, RequestingApplication application, PasskeyCeremonies ceremonies, SignInPage.Form form, int status)
    {
        var name = await application.NameAsync(context, form.ReturnUrl);
        var asked = await ceremonies.AskAsync(context);
        return new(new { Filled = form, Application = name, SignedInAs = CurrentSession.Of(context)?.Name, Asked = asked }) { StatusCode = status };
    }
}

/// <summary>What the sign-in page posts.</summary>
internal sealed record SignInForm(
    [FromForm(Name = "email")] string? Email,
    [FromForm(Name = "password")] string? Password,
    [FromForm(Name = "remember")] string? Remember,
    [FromForm(Name = "return_url")] string? ReturnUrl);
