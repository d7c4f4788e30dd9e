using IdentityHub.Access;
using IdentityHub.Sessions;

namespace IdentityHub.Account;

/// <summary>
/// The pages and actions of a person: getting in, and seeing where they are signed in. It proves who somebody is and
/// says which session begins; it never ends one by itself, which <c>Revocation</c> alone does, and it never tells a
/// stranger whether an account exists.
/// </summary>
internal static class AccountSetup
{
    public static WebApplicationBuilder AddAccount(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccountOptions>().BindConfiguration("Account");
        builder.Services.AddScoped<PasswordCheck>();
        builder.Services.AddScoped<PasswordGuard>();
        builder.Services.AddScoped<PasswordSignIn>();
        builder.Services.AddSingleton<HalfLogin>();
        builder.Services.AddSingleton<PendingSecret>();
        builder.Services.AddPasskeys();
        builder.Services.AddScoped<SecondFactorGuard>();
        builder.Services.AddScoped<SecurityChange>();
        builder.Services.AddScoped<SecondFactorChange>();
        builder.Services.AddScoped<Admission>();
        builder.Services.AddScoped<NewDevice>();
        builder.Services.AddScoped<SessionLimit>();
        builder.Services.AddScoped<Registration>();
        builder.Services.AddScoped<RequestingApplication>();
        builder.Services.AddScoped<WhatEnds>();
        builder.Services.AddScoped<PasswordChange>();
        builder.Services.AddScoped<Endings>();
        builder.Services.AddScoped<PasswordReset>();
        builder.Services.AddScoped<EmailConfirmation>();
        builder.Services.AddScoped<EmailChange>();
        builder.Services.AddScoped<Disowning>();
        builder.Services.AddHostedService<UnconfirmedAccounts>();
        return builder;
    }

    public static WebApplication MapAccount(this WebApplication app)
    {
        app.MapGet("/", Home.Get);
        app.MapGet("/sign-in", SignIn.Get);
        app.MapPost("/sign-in", SignIn.Post).TakesForm();
        app.MapGet("/register", Register.Get);
        app.MapPost("/register", Register.Post).TakesForm();
        app.MapPost(Register.AgainPath, Register.Again).TakesForm();
        app.MapMailedLinks();
        app.MapGet("/confirm-identity", ConfirmIdentity.Get);
        app.MapPost("/confirm-identity", ConfirmIdentity.Post).TakesForm();
        app.MapGet(ChangePassword.Path, ChangePassword.Get).NeedsRecentAuthentication(ChangePassword.Path);
        app.MapPost(ChangePassword.Path, ChangePassword.Post).NeedsRecentAuthentication(ChangePassword.Path).TakesForm();
        app.MapGet(SessionsHere.Path, SessionsHere.Get).NeedsSession(SessionsHere.Path);
        app.MapPost($"{SessionsHere.Path}/end", EndSessions.One).NeedsRecentAuthentication(SessionsHere.Path).TakesForm();
        app.MapPost($"{SessionsHere.Path}/end-others", EndSessions.Others).NeedsRecentAuthentication(SessionsHere.Path).TakesForm();
        app.MapPost($"{SessionsHere.Path}/end-all", EndSessions.All).NeedsRecentAuthentication(SessionsHere.Path).TakesForm();
        app.MapGet(Applications.Path, Applications.Get).NeedsSession(Applications.Path);
        app.MapGet(Applications.WithdrawPath, Applications.Ask).NeedsRecentAuthentication(Applications.Path);
        app.MapPost(Applications.WithdrawPath, Applications.Withdraw).NeedsRecentAuthentication(Applications.Path).TakesForm();
        app.MapGet(ActivityHere.Path, ActivityHere.Get).NeedsSession(ActivityHere.Path);
        app.MapGet(CloseAccount.Path, CloseAccount.Get).NeedsRecentAuthentication(CloseAccount.Path);
        app.MapPost(CloseAccount.Path, CloseAccount.Post).NeedsRecentAuthentication(CloseAccount.Path).TakesForm();
        app.MapGet(SessionEnds.Path, SessionEnds.Get).WithMetadata(Passive.Mark);
        app.MapPost(SessionEnds.StayPath, SessionEnds.Stay).NeedsSession(ReturnUrl.Home).TakesForm();
        app.MapGet(WhatEnded.Path, WhatEnded.Get);
        app.MapGet($"{WhatEnded.Path}/live", WhatEnded.Live).WithMetadata(Passive.Mark);
        app.MapSecurity();
        return app;
    }
}
