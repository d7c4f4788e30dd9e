using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace IdentityHub.Tests.Audit;

/// <summary>A database with an audit trail, its sealing and its verification.</summary>
internal sealed class ChainedAudit : IAsyncDisposable
{
    private readonly HubDatabase _database;
    private readonly ServiceProvider _services;
    private readonly AuditSealing _sealing;

    // Identifiers of one microsecond are in no order.
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow()) { AutoAdvanceAmount = TimeSpan.FromMicroseconds(1) };

    private ChainedAudit(HubDatabase database)
    {
        _database = database;
        var services = new ServiceCollection();
        database.AddTo(services);
        _services = services.BuildServiceProvider();
        Key = new AuditHeadKey(new InstallationSecret(Options.Create(new KeyOptions()), Options.Create(new HubOptions { DataFolder = database.Folder })));
        _sealing = AnotherNode();
    }

    public HubDatabase Database => _database;

    public AuditHeadKey Key { get; }

    public static async Task<ChainedAudit> CreateAsync(string provider, SharedServers servers) => new(await HubDatabase.CreateAsync(provider, servers));

    public AuditSealing AnotherNode() =>
        new(_services.GetRequiredService<IServiceScopeFactory>(), Key, TimeProvider.System, NullLogger<AuditSealing>.Instance);

    /// <summary>Entries <c>act_1</c>, <c>act_2</c> …, sealed in this order.</summary>
    public async Task<List<Guid>> SealedAsync(int count, Guid? userId = null)
    {
        await using (var db = _database.Open())
        {
            var trail = new AuditTrail(_clock, new FromABrowser());
            for (var i = 1; i <= count; i++)
            {
                trail.Add(db, $"act_{i}", "anonymous", userId, details: new { number = i });
            }

            await db.SaveChangesAsync();
        }

        await SealAsync();
        return await _database.ReadAsync(db => db.Set<AuditSeal>().OrderBy(s => s.Sequence).Select(s => s.EntryId).ToListAsync());
    }

    /// <summary>As those write who write many: with all that an entry can have, and with as little as it needs.</summary>
    public async Task<List<AuditEntry>> WrittenAtOnceAsync()
    {
        var trail = new AuditTrail(_clock, new FromABrowser());
        List<AuditEntry> entries =
        [
            trail.Entry("full", $"{AuditEntry.Administrator}{Guid.CreateVersion7()}", Guid.CreateVersion7(), Guid.CreateVersion7(), new { text = "it's \"so\"" }),
            trail.Entry("bare", "system"),
            trail.Entry("person", "anonymous", Guid.CreateVersion7()),
        ];
        await using var db = _database.Open();
        await AuditTrail.WriteAsync(db, entries);
        return entries;
    }

    public Task<int> SealAsync() => _sealing.SealAsync(CancellationToken.None);

    public async Task<AuditReport> VerifyAsync(AuditCheckpoint? known = null, AuditHeadKey? key = null)
    {
        await using var db = _database.Open();
        return await new AuditVerification(db, key ?? Key).VerifyAsync(known, CancellationToken.None);
    }

    /// <summary>Writes past the hub.</summary>
    public async Task TamperAsync(Func<HubDb, Task> write)
    {
        await using var db = _database.Open();
        await write(db);
    }

    public async ValueTask DisposeAsync()
    {
        _sealing.Dispose();
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    private sealed class FromABrowser : Microsoft.AspNetCore.Http.IHttpContextAccessor
    {
        public Microsoft.AspNetCore.Http.HttpContext? HttpContext { get; set; } = new Microsoft.AspNetCore.Http.DefaultHttpContext
        {
            Connection = { RemoteIpAddress = System.Net.IPAddress.Parse("192.0.2.7") },
            Request = { Headers = { UserAgent = "Lynx" } },
        };
    }
}
