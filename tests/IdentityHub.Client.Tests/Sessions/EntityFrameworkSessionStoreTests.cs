using IdentityHub.Client.EntityFrameworkCore;
using IdentityHub.Client.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityHub.Client.Tests.Sessions;

/// <summary>Two nodes, each with services of its own, over one database.</summary>
public abstract class EntityFrameworkSessionStoreTests : SessionStoreContract, IAsyncLifetime
{
    private ServiceProvider _here = null!;
    private ServiceProvider _there = null!;

    public async ValueTask InitializeAsync()
    {
        var database = await DatabaseAsync();
        (_here, _there) = (Node(database), Node(database));
        await using var scope = _here.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AppDb>().Database.EnsureCreatedAsync();
    }

    /// <summary>An empty database of this test alone.</summary>
    protected abstract Task<Action<DbContextOptionsBuilder>> DatabaseAsync();

    protected override int Rounds => 100;

    protected override ISessionStore Here => _here.GetRequiredService<ISessionStore>();

    protected override ISessionStore There => _there.GetRequiredService<ISessionStore>();

    [Fact]
    public void It_takes_the_place_of_the_store_in_memory_before_or_after()
    {
        var services = new ServiceCollection().AddIdentityHub(_ => { }).AddIdentityHubSessions<AppDb>();

        Assert.StartsWith("EntityFramework", Assert.Single(services, s => s.ServiceType == typeof(ISessionStore)).ImplementationType!.Name, StringComparison.Ordinal);
        Assert.StartsWith("EntityFramework", Here.GetType().Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_posted_at_many_nodes_in_one_moment_counts_once()
    {
        var notice = Notice(sid: "s1");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () => await (i % 2 == 0 ? Here : There).EndAsync(notice, None))));

        Assert.Single(outcomes, LogoutOutcome.Ended);
        Assert.Equal(7, outcomes.Count(o => o is LogoutOutcome.Replayed));
    }

    [Fact]
    public async Task Expired_sessions_and_what_no_session_needs_any_more_are_removed()
    {
        await Stored("ada", "s1");
        await There.EndAsync(Notice(sid: "s2"), None);
        Assert.Equal((1, 1), await RowsAsync());

        Time.Advance(TimeSpan.FromHours(2));
        var second = await Stored("grace", "s3");
        Assert.Equal((1, 1), await RowsAsync());

        Time.Advance(TimeSpan.FromHours(12));
        var third = await Stored("grace", "s4");
        Assert.Equal((1, 0), await RowsAsync());
        Assert.Null(await Here.FindAsync(second.Key, None));
        Assert.NotNull(await Here.FindAsync(third.Key, None));
    }

    [Fact]
    public async Task A_logout_removes_the_claims_and_tokens_of_the_sessions_it_ends()
    {
        await Stored("ada", "s1");
        await Stored("ada", "s2");
        await There.EndAsync(Notice(sid: "s1"), None);
        Assert.Equal((1, 1), await RowsAsync());

        await There.EndAsync(Notice(sub: "ada"), None);
        Assert.Equal((0, 2), await RowsAsync());
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private ServiceProvider Node(Action<DbContextOptionsBuilder> database)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddDbContext<AppDb>(database);
        services.AddIdentityHubSessions<AppDb>();
        services.AddIdentityHub(o => (o.Authority, o.ClientId) = ("https://id.example", "notes"));
        return services.BuildServiceProvider(validateScopes: true);
    }

    private async Task<(int Sessions, int Ended)> RowsAsync()
    {
        await using var scope = _here.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDb>().Database;
        return (
            await db.SqlQueryRaw<int>("""SELECT COUNT(*) AS "Value" FROM "IdentityHubSessions" """).SingleAsync(None),
            await db.SqlQueryRaw<int>("""SELECT COUNT(*) AS "Value" FROM "IdentityHubEndedSessions" """).SingleAsync(None));
    }

    private sealed class AppDb(DbContextOptions<AppDb> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddIdentityHubSessions();
    }
}
