using IdentityHub.Client;
using IdentityHub.Client.Diagnostics;
using Microsoft.Extensions.Options;
using Notes;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddIdentityHub(hub =>
{
    hub.CookieName = "notes";
    builder.Configuration.GetSection("Hub").Bind(hub);
});
builder.Services.AddAntiforgery(o => o.Cookie.Name = "notes.antiforgery");
builder.Services.AddSingleton<Notebook>();
builder.Services.AddHealthChecks().AddIdentityHub();
SharedSessions.Add(builder);

var app = builder.Build();
if (args is ["migrate"])
{
    return await SharedSessions.MigrateAsync(app);
}

try
{
    app.UseAntiforgery();
    app.MapIdentityHub();
    app.MapGet("/", Home.Get);
    app.MapGet("/dashboard", Dashboard.Get).RequireAuthorization();
    app.MapPost("/notes", Dashboard.Post).RequireAuthorization();
    app.MapGet("/me", Me.Get);
    app.MapHealthChecks("/health");
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
