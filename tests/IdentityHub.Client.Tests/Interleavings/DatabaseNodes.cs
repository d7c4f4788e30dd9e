using System.Data.Common;
using IdentityHub.Client.EntityFrameworkCore;
using IdentityHub.Client.Sessions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityHub.Client.Tests.Interleavings;

/// <summary>
/// Two nodes on one database; between any two of their statements something else may happen. SQLite, because it answers on
/// the thread that asks; each statement commits by itself, as on any other database.
/// </summary>
internal sealed class DatabaseNodes : Nodes, IDisposable
{
    private const string Database = "Data Source=interleavings;Mode=Memory;Cache=Shared";

    // It lives as long as somebody is connected to it.
    private readonly SqliteConnection _open = new(Database);
    private readonly List<ServiceProvider> _started = [];

    public DatabaseNodes()
        : base(2)
    {
        _open.Open();
        using var services = Services(new Life());
        using var scope = services.CreateScope();
        scope.ServiceProvider.GetRequiredService<AppDb>().Database.EnsureCreated();
    }

    public void Dispose()
    {
        Forget();
        _open.Dispose();
    }

    protected override ISessionStore Start(Life life)
    {
        var services = Services(life);
        _started.Add(services);
        return services.GetRequiredService<ISessionStore>();
    }

    protected override void Forget()
    {
        foreach (var services in _started)
        {
            services.Dispose();
        }

        _started.Clear();
    }

    private ServiceProvider Services(Life life) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(Time)
        .AddDbContext<AppDb>(o => o
            .UseSqlite(Database)
            .AddInterceptors(new Turn(this, life))
            // One for each run of each node, or Entity Framework would warn of many.
            .ConfigureWarnings(w => w.Ignore(CoreEventId.ManyServiceProvidersCreatedWarning)))
        .AddIdentityHubSessions<AppDb>()
        .AddIdentityHub(o => (o.Authority, o.ClientId) = ("https://id.example", "notes"))
        .BuildServiceProvider();

    private sealed class AppDb(DbContextOptions<AppDb> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddIdentityHubSessions();
    }

    private sealed class Turn(DatabaseNodes nodes, Life life) : DbCommandInterceptor
    {
        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            await nodes.Turns.TakeAsync(life);
            return result;
        }

        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            await nodes.Turns.TakeAsync(life);
            return result;
        }
    }
}
