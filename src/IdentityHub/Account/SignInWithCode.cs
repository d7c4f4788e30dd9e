using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Pages;
using IdentityHub.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary><c>/sign-in/code</c>: the second factor, after the password and before anything else.</summary>
internal static class SignInWithCode
{
    public const string Path = "/sign-in/code";

    public static async Task<IResult> Get(
        HttpContext context, HalfLogin half, RequestingApplication application,
        [FromQuery(Name = "return_url")] string? returnUrl, [FromQuery] string? recovery) =>
        half.Read(context) is null
            ? StartAgain(ReturnUrl.LocalOrHome(returnUrl))
            : await PageAsync(context, application, new(ReturnUrl.LocalOrHome(returnUrl), Recovery: recovery is not null), StatusCodes.Status200OK);

    public static async Task<IResult> Post(
        [AsParameters] SignInWithCodeForm form, HttpContext context, HalfLogin half, SecondFactorGuard factors, Admission admission,
        RequestingApplication application, HubDb db, AuditTrail audit)
    {
        var filled = new SignInWithCodePage.Form(ReturnUrl.LocalOrHome(form.ReturnUrl), form.Recovery is not null, form.Remember is not null);
        if (half.Read(context) is not { } login || await PersonAsync(db, login) is not { } user)
        {
            return StartAgain(filled.ReturnUrl);
        }

        if (string.IsNullOrWhiteSpace(form.Code))
        {
            var missing = filled.Recovery ? Texts.RecoveryMissing : Texts.CodeMissing;
            return await PageAsync(context, application, filled with { CodeError = missing }, StatusCodes.Status400BadRequest);
        }

        var verdict = await factors.CheckAsync(context, user.Id, form.Code);
        if (verdict.Wait > TimeSpan.Zero)
        {
            return await PageAsync(context, application, filled with { CodeError = TooManyGuesses.Say(context, verdict.Wait) }, TooManyGuesses.Status);
        }

        if (verdict.Amr is null)
        {
            audit.Add(db, "sign_in_failed", "anonymous", user.Id, details: new { reason = "wrong_code" });
            await db.SaveChangesAsync();
            var wrong = filled.Recovery ? Texts.RecoveryWrong : Texts.CodeWrong;
            return await PageAsync(context, application, filled with { CodeError = wrong }, StatusCodes.Status401Unauthorized);
        }

        // The account may have changed since the password was shown; then both are shown anew.
        if (!await admission.AdmitAsync(context, user, verdict.Amr, login.Remember, filled.Remember))
        {
            return StartAgain(filled.ReturnUrl);
        }

        half.Expire(context);
        return SeeOther.To(filled.ReturnUrl);
    }

    // Another stamp is another password or another second factor: what was shown before proves nothing any more.
    private static Task<User?> PersonAsync(HubDb db, Half login) =>
        db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == login.UserId && u.SecurityStamp == login.Stamp && u.TwoFactorEnabled && u.DisabledAt == null);

    private static SeeOther StartAgain(string returnUrl) =>
        SeeOther.To(returnUrl == ReturnUrl.Home ? "/sign-in" : ReturnUrl.Through("/sign-in", returnUrl));

    private static async Task<RazorComponentResult<SignInWithCodePage>> PageAsync(
        HttpContext context, RequestingApplication application, SignInWithCodePage.Form form, int status) =>
        new(new { Filled = form, Application = await application.NameAsync(context, form.ReturnUrl) }) { StatusCode = status };
}

/// <summary>What the page posts.</summary>
internal sealed record SignInWithCodeForm(
    [FromForm(Name = "code")] string? Code,
    [FromForm(Name = "remember")] string? Remember,
    [FromForm(Name = "recovery")] string? Recovery,
    [FromForm(Name = "return_url")] string? ReturnUrl);
