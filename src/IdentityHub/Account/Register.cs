using IdentityHub.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary><c>/register</c>: a person makes an account.</summary>
internal static class Register
{
    // Nobody is told that an address has an account: the text names no cause, and a stranger who knows the address gets
    // neither a session nor a hint about its password. A new account differs from this answer by being signed in; only
    // an address that is confirmed by mail before the first sign-in could hide that.
    private static string Refused => Texts.RegisterRefused;

    public static Task<RazorComponentResult<RegisterPage>> Get(
        HttpContext context, RequestingApplication application, [FromQuery(Name = "return_url")] string? returnUrl) =>
        PageAsync(context, application, new(ReturnUrl.LocalOrHome(returnUrl)), StatusCodes.Status200OK);

    public static async Task<IResult> Post(
        [AsParameters] RegisterForm form, HttpContext context, Registration registration, Admission admission, RequestingApplication application)
    {
        var (name, email) = (form.Name?.Trim(), form.Email?.Trim());
        var filled = new RegisterPage.Form(ReturnUrl.LocalOrHome(form.ReturnUrl), name, email)
        {
            NameError = NewAccount.NameError(name),
            EmailError = NewAccount.EmailError(email),
            PasswordError = NewAccount.PasswordError(form.Password),
        };
        if (filled.Failed)
        {
            return await PageAsync(context, application, filled, StatusCodes.Status400BadRequest);
        }

        var user = await registration.CreateAsync(name!, email!, form.Password!);
        return user is not null && await admission.AdmitAsync(context, user, PasswordSignIn.Amr)
            ? SeeOther.To(filled.ReturnUrl)
            : await PageAsync(context, application, filled with { Refused = Refused }, StatusCodes.Status400BadRequest);
    }

    private static async Task<RazorComponentResult<RegisterPage>> PageAsync(HttpContext context, RequestingApplication application, RegisterPage.Form form, int status)
    {
        var name = await application.NameAsync(context, form.ReturnUrl);
        return new(new { Filled = form, Application = name }) { StatusCode = status };
    }
}

/// <summary>What the registration page posts.</summary>
internal sealed record RegisterForm(
    [FromForm(Name = "name")] string? Name,
    [FromForm(Name = "email")] string? Email,
    [FromForm(Name = "password")] string? Password,
    [FromForm(Name = "return_url")] string? ReturnUrl);
