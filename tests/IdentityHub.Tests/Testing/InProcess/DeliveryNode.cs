using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IdentityHub.Tests.Testing.InProcess;

/// <summary>What of a hub node works behind the scenes: bus, outbox, keys and dispatcher, as the hub sets them up.</summary>
internal sealed class DeliveryNode : IAsyncDisposable
{
    public const string Issuer = "https://id.example.com";

    private readonly WebApplication _app;

    private DeliveryNode(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public static async Task<DeliveryNode> StartAsync(HubDatabase database, params (string Name, string Value)[] settings)
    {
        var node = new DeliveryNode(Build(database, settings));
        await node.Services.GetRequiredService<KeyRing>().LoadAsync(CancellationToken.None);
        await node._app.StartAsync();
        return node;
    }

    /// <summary>As the host does at SIGTERM.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public static WebApplication Build(HubDatabase database, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value)));
        builder.Services.AddLogging();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(Options.Create(new HubOptions { Issuer = Issuer, DataFolder = database.Folder }));
        database.AddTo(builder.Services);
        builder.AddAudit().AddKeys().AddMessaging().AddBackChannelLogout();
        return builder.Build();
    }
}
