using IdentityHub.Client;
using Microsoft.Extensions.Options;
using Spa;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddIdentityHub(hub =>
{
    hub.CookieName = "spa";
    builder.Configuration.GetSection("Hub").Bind(hub);
});
builder.Services.AddSingleton<Tasks>();
builder.Services.AddHttpClient<Upstream>(http => http.Timeout = TimeSpan.FromSeconds(5));

var app = builder.Build();
try
{
    app.Use(Frontend.Protect);
    app.MapIdentityHub();
    app.MapGet("/", (HttpContext context) => Frontend.File(context, "index.html", "text/html; charset=utf-8"));
    app.MapGet("/app.js", (HttpContext context) => Frontend.File(context, "app.js", "text/javascript; charset=utf-8"));
    app.MapGet("/style.css", (HttpContext context) => Frontend.File(context, "style.css", "text/css; charset=utf-8"));

    // What the page calls. A script gets 401 and never a redirect.
    app.MapGet("/me", Backend.Me);
    var api = app.MapGroup("/api").RequireAuthorization().AddEndpointFilter(Backend.RequireOurScript);
    api.MapGet("/tasks", Backend.List);
    api.MapPost("/tasks", Backend.Add);
    api.MapGet("/standing", (HttpContext context, Upstream upstream) => upstream.AskAsync(context));
    app.MapGet("/session", Backend.Watch).RequireAuthorization();

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
