using System.Globalization;
using IdentityHub.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace IdentityHub.EndToEnd.Statements;

/// <summary>A hub on PostgreSQL in the test process, where its statements can be counted; with a person and two relying parties.</summary>
public sealed class HubInProcess(SharedServers servers) : IAsyncLifetime
{
    internal static readonly (string Email, string Password) Ada = ("ada@example.com", "correct horse battery staple");

    private readonly TemporaryFolder _folder = new();
    private WebApplication? _app;

    internal Uri Address { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePorts.Next()}"));

    internal RelyingPartySettings Notes { get; } = new("notes", new Uri("http://localhost:1/callback"));

    internal RelyingPartySettings Machine { get; } = new("machine", new Uri("http://localhost:1/unused"))
    {
        GrantTypes = ["client_credentials"],
        Scopes = ["api"],
    };

    public async ValueTask InitializeAsync()
    {
        var postgres = await servers.PostgresAsync();
        var settings = new HubSettings
        {
            Port = Address.Port,
            Postgres = await postgres.CreateDatabaseAsync(),
            DataFolder = _folder.Path,
            RelyingParties = [Notes, Machine],
        };
        // The process the tests start reads these from its environment; here they come as arguments.
        await using (var hub = await HubProcess.StartAsync(settings with { Port = FreePorts.Next() }))
        {
            await hub.AddPersonAsync(Ada.Email, "Ada", Ada.Password);
        }

        string[] arguments = ["--environment=Development", .. settings.ToEnvironment()
            .Where(s => s.Value is not null && !s.Key.StartsWith("ASPNETCORE_", StringComparison.Ordinal))
            .Select(s => $"--{s.Key.Replace("__", ":", StringComparison.Ordinal)}={s.Value}"), $"--urls={Address.GetLeftPart(UriPartial.Authority)}"];
        _app = HubHost.Build(arguments);
        await HubHost.PrepareAsync(_app, CancellationToken.None);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _folder.Dispose();
    }
}
