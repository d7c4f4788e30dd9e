using System.Globalization;
using IdentityHub.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityHub.Benchmarks;

/// <summary>Relying parties that read what they are sent and answer 200: a process of its own, the same for both sides of a comparison.</summary>
internal static class Sink
{
    public static Uri Address(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/logout"));

    public static async Task<ChildProcess> StartAsync(int port)
    {
        var process = ChildProcess.Start(Launch.Dotnet(typeof(Sink).Assembly.Location, "sink", port.ToString(CultureInfo.InvariantCulture)) with { Name = "sink" });
        await process.WaitForUrlAsync(new Uri(Address(port), "/ready"), TimeSpan.FromSeconds(30));
        return process;
    }

    /// <summary>What the process does until it is ended.</summary>
    public static Task ServeAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        var app = builder.Build();
        app.MapGet("/ready", () => "ready");
        app.MapPost("/logout", async (HttpContext http) =>
        {
            await http.Request.BodyReader.CopyToAsync(Stream.Null);
            http.Response.StatusCode = StatusCodes.Status200OK;
        });
        return app.RunAsync();
    }
}
