using IdentityHub.Audit;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Audit;

public sealed class AuditSealingTests(SharedServers servers)
{
    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Fact]
    public async Task An_act_that_commits_late_is_only_placed_late()
    {
        await using var audit = await ChainedAudit.CreateAsync("Postgres", servers);
        await using var slow = audit.Database.Open();
        await using var open = await slow.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        new AuditTrail(TimeProvider.System).Add(slow, "began_first", "system");
        await slow.SaveChangesAsync(TestContext.Current.CancellationToken);

        await audit.SealedAsync(2);
        Assert.Equal(2, (await audit.VerifyAsync()).Entries);

        await open.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await audit.SealAsync());
        var report = await audit.VerifyAsync();
        Assert.Empty(report.Findings);
        Assert.Equal((3, 0), (report.Entries, report.Waiting));
    }

    [Fact]
    public async Task Of_two_nodes_one_seals_and_the_other_does_not_wait()
    {
        await using var audit = await ChainedAudit.CreateAsync("Postgres", servers);
        await audit.SealedAsync(1);
        await using (var db = audit.Database.Open())
        {
            new AuditTrail(TimeProvider.System).Add(db, "waits", "system");
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using var busy = audit.Database.Open();
        await using (await busy.Database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await busy.Set<AuditHead>().FromSql($"SELECT * FROM audit_head FOR UPDATE").SingleAsync(TestContext.Current.CancellationToken);
            using var other = audit.AnotherNode();
            Assert.Equal(0, await other.SealAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(1, await audit.SealAsync());
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task What_is_written_at_once_is_written_whole_and_gets_its_places(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        var written = await audit.WrittenAtOnceAsync();

        Assert.Equal(3, await audit.SealAsync());

        var read = await audit.Database.ReadAsync(db => db.Set<AuditEntry>().AsNoTracking().OrderBy(e => e.Id).ToListAsync(TestContext.Current.CancellationToken));
        // The databases keep microseconds.
        Assert.Equivalent(written.Select(e => new { e.Id, e.Action, e.UserId, e.Actor, e.SessionId, e.IpAddress, e.UserAgent, e.TraceSalt, e.Details }), read, strict: false);
        Assert.All(read.Zip(written), both => Assert.InRange((both.Second.At - both.First.At).TotalMicroseconds, 0, 1));
        var report = await audit.VerifyAsync();
        Assert.Empty(report.Findings);
        Assert.Equal((3, 0), (report.Entries, report.Waiting));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Nothing_is_sealed_behind_an_end_that_was_put_there_past_the_hub(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        await audit.SealedAsync(3);
        await audit.TamperAsync(async db =>
        {
            var second = await db.Set<AuditSeal>().SingleAsync(s => s.Sequence == 2, TestContext.Current.CancellationToken);
            await db.Set<AuditSeal>().Where(s => s.Sequence == 3).ExecuteDeleteAsync(TestContext.Current.CancellationToken);
            await db.Set<AuditHead>().ExecuteUpdateAsync(h => h.SetProperty(x => x.Sequence, 2).SetProperty(x => x.Hash, second.Hash!), TestContext.Current.CancellationToken);
            new AuditTrail(TimeProvider.System).Add(db, "act", "system");
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });

        Assert.Equal(0, await audit.SealAsync());
        Assert.Contains((await audit.VerifyAsync()).Findings, f => f.Kind is AuditFindingKind.Forged);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Nodes_that_seal_at_once_make_one_chain(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        await using (var db = audit.Database.Open())
        {
            for (var i = 0; i < 1200; i++)
            {
                new AuditTrail(TimeProvider.System).Add(db, "act", "system");
            }

            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            using var node = audit.AnotherNode();
            await Eventually.TrueAsync(
                async () => await node.SealAsync(TestContext.Current.CancellationToken) == 0 && await audit.Database.ReadAsync(db => db.Set<AuditSeal>().AllAsync(s => s.Sequence != null)),
                TimeSpan.FromSeconds(30), "all is sealed");
        }));

        var report = await audit.VerifyAsync();
        Assert.Empty(report.Findings);
        Assert.Equal(1200, report.Entries);
    }
}
