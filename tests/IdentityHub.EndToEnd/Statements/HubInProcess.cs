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
        await using (var hub = await HubProcess.StartAsync(settings with { Port = FreePorts.Next() }))
        {
            await hub.AddPersonAsync(Ada.Email, "Ada", Ada.Password);
        }

        _app = HubHost.Build(settings.ToArguments());
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
