using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Keys;
using IdentityHub.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>A hub in this process, over HTTP like any other, whose clock a test moves. One per test.</summary>
internal sealed class ClockedHub : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private WebApplication _app = null!;

    public MovedClock Clock { get; } = new();

    public Uri Address { get; private set; } = null!;

    public RelyingPartyStub Notes { get; private set; } = null!;

    public static async Task<ClockedHub> StartAsync(Func<HubSettings, HubSettings>? with = null)
    {
        var hub = new ClockedHub { Notes = await RelyingPartyStub.StartAsync("notes") };
        var settings = new HubSettings { Port = FreePorts.Next(), DataFolder = hub._folder.Path, RelyingParties = [hub.Notes.Settings] };
        settings = with?.Invoke(settings) ?? settings;
        hub.Address = settings.Address;
        hub._app = HubHost.Build(settings.ToArguments(), hub.Clock);
        await HubHost.PrepareAsync(hub._app, default);
        await hub._app.StartAsync();
        return hub;
    }

    public Task<Visitor> VisitorAsync() => Visitor.RegisterAsync(Address, Person.New());

    /// <summary>Does what the hub does every half minute: carries out the key schedule and reads the keys.</summary>
    public Task ReloadKeysAsync() => _app.Services.GetRequiredService<KeyRing>().LoadAsync(default);

    public async Task<T> ActAsync<T>(Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Notes.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
