using IdentityHub.Access;
using IdentityHub.Pages;
using IdentityHub.Persons;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace IdentityHub.Account;

/// <summary><c>/register</c>: a person makes an account.</summary>
internal static class Register
{
    public const string AgainPath = "/register/again";

    // Only where addresses are not confirmed (Account:RequireConfirmedEmail). The text names no cause, and a stranger who
    // knows the address gets neither a session nor a hint about its password.
    private static string Refused => Texts.RegisterRefused;

    public static Task<RazorComponentResult<RegisterPage>> Get(
        HttpContext context, RequestingApplication application, [FromQuery(Name = "return_url")] string? returnUrl) =>
        PageAsync(context, application, new(ReturnUrl.LocalOrHome(returnUrl)), StatusCodes.Status200OK);

    public static async Task<IResult> Post(
        [AsParameters] RegisterForm form, HttpContext context, Registration registration, NewPersons persons, PasswordRules rules, Admission admission,
        IOptions<AccountOptions> account, RequestingApplication application)
    {
        var (name, email) = (form.Name?.Trim(), form.Email?.Trim());
        var filled = new RegisterPage.Form(ReturnUrl.LocalOrHome(form.ReturnUrl), name, email)
        {
            NameError = NewAccount.NameError(name),
            EmailError = NewAccount.EmailError(email),
            PasswordError = rules.Error(form.Password, name, email),
        };
        if (filled.Failed)
        {
            return await PageAsync(context, application, filled, StatusCodes.Status400BadRequest);
        }

        if (account.Value.RequireConfirmedEmail)
        {
            await registration.RequestAsync(name!, email!, form.Password!, filled.ReturnUrl);
            return Mailed(email!, filled.ReturnUrl);
        }

        var user = await persons.CreateAsync(name!, email!, form.Password!);
        return user is not null && await admission.AdmitAsync(context, user, Proof.Password)
            ? SeeOther.To(filled.ReturnUrl)
            : await PageAsync(context, application, filled with { Refused = Refused }, StatusCodes.Status400BadRequest);
    }

    /// <summary><c>/register/again</c>: the mail did not come.</summary>
    public static async Task<IResult> Again(
        [FromForm(Name = "email")] string? email, [FromForm(Name = "return_url")] string? returnUrl, Registration registration)
    {
        if (NewAccount.EmailError(email) is not null)
        {
            return SeeOther.To("/register");
        }

        await registration.RemindAsync(email!, ReturnUrl.LocalOrHome(returnUrl));
        return Mailed(email!, ReturnUrl.LocalOrHome(returnUrl));
    }

    private static RazorComponentResult<CheckMailboxPage> Mailed(string email, string returnUrl) =>
        new(new { Sentence = Texts.MailedConfirm.Strong(email), Email = email, ReturnAddress = returnUrl, Again = AgainPath });

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
