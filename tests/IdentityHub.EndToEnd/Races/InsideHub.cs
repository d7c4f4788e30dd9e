using IdentityHub.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityHub.EndToEnd.Races;

/// <summary>
/// The hub's own services in the test's process, on the database of the hub processes and without serving: for doors
/// that no page has yet, for setting a scene of thousands of rows, and for reading what the rows say.
/// </summary>
internal sealed class InsideHub(HubSettings settings) : IAsyncDisposable
{
    private readonly WebApplication _app = HubHost.Build(settings.ToArguments());

    public async Task<T> ActAsync<T>(Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider);
    }

    public Task<T> AskAsync<T>(Func<HubDb, Task<T>> query) => ActAsync(services => query(services.GetRequiredService<HubDb>()));

    public Task AddAsync(IEnumerable<object> rows) => AskAsync(async db =>
    {
        db.AddRange(rows);
        return await db.SaveChangesAsync();
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
