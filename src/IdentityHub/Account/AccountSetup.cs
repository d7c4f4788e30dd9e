using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary>
/// The pages and actions of a person: getting in, and seeing where they are signed in. It proves who somebody is and
/// says which session begins; it never ends one by itself, which <c>Revocation</c> alone does, and it never tells a
/// stranger whether an account exists.
/// </summary>
internal static class AccountSetup
{
    // Far more than any of these forms needs, far less than would cost us memory.
    private const int LargestForm = 64 * 1024;

    public static WebApplicationBuilder AddAccount(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<PasswordCheck>();
        builder.Services.AddScoped<PasswordSignIn>();
        builder.Services.AddScoped<Admission>();
        builder.Services.AddScoped<Registration>();
        builder.Services.AddScoped<RequestingApplication>();
        return builder;
    }

    public static WebApplication MapAccount(this WebApplication app)
    {
        app.MapGet("/", Home.Get);
        app.MapGet("/sign-in", SignIn.Get);
        app.MapPost("/sign-in", SignIn.Post).TakesForm();
        app.MapGet("/register", Register.Get);
        app.MapPost("/register", Register.Post).TakesForm();
        return app;
    }

    // A handler that binds a form asks for the antiforgery token by itself.
    private static void TakesForm(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new RequestSizeLimitAttribute(LargestForm));
}
