using IdentityHub.Client;
using IdentityHub.Client.StepUp;
using Microsoft.Extensions.Options;
using Bank;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddIdentityHub(hub =>
{
    hub.CookieName = "bank";
    // A bank that nobody uses for a quarter of an hour is closed.
    hub.IdleTimeout = TimeSpan.FromMinutes(15);
    builder.Configuration.GetSection("Hub").Bind(hub);
});
builder.Services.AddAntiforgery(o => o.Cookie.Name = "bank.antiforgery");
builder.Services.AddSingleton<Accounts>();

var app = builder.Build();
try
{
    app.UseAntiforgery();
    app.MapIdentityHub();
    app.MapGet("/", Home.Get);
    app.MapGet("/dashboard", Dashboard.Get).RequireAuthorization();
    // The form and what takes it: a person who signed in hours ago shows once more who they are before money moves.
    app.MapGet("/transfers", Transfer.Get).RequireRecentAuthentication(Transfer.MaxAge);
    app.MapPost("/transfers", Transfer.Post).RequireRecentAuthentication(Transfer.MaxAge);
    app.MapGet("/me", Me.Get);
    if (app.Environment.IsDevelopment() && app.Configuration.GetValue<bool>("Sample:ShowTokens"))
    {
        app.MapGet("/tokens", (Delegate)Me.GetTokens);
    }

    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException e)
{
    await Console.Error.WriteLineAsync(string.Join('\n', e.Failures.Select(failure => $"Hub:{failure}")));
    return 1;
}
catch (IOException e) // the address is taken
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
