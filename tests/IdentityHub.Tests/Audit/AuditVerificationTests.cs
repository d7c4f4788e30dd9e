using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.Persons;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.Audit;

/// <summary>Whoever writes to the tables past the hub is found, and what they touched is named.</summary>
public sealed class AuditVerificationTests(SharedServers servers)
{
    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task What_nobody_touched_is_intact(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        await audit.SealedAsync(3);

        var report = await audit.VerifyAsync();

        Assert.Equal([], report.Findings);
        Assert.Equal((3, 3, 0), (report.Entries, report.Head!.Sequence, report.Waiting));
        Assert.Empty((await audit.VerifyAsync(report.Head)).Findings);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task An_entry_with_other_particulars_is_named(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        var ids = await audit.SealedAsync(5);
        await audit.TamperAsync(db => db.Database.ExecuteSqlAsync($"UPDATE audit_entries SET details = '' WHERE id = {ids[2]}"));

        var finding = Assert.Single((await audit.VerifyAsync()).Findings);

        Assert.Equal((AuditFindingKind.Changed, 3L, ids[2]), (finding.Kind, finding.Sequence!.Value, finding.EntryId!.Value));
        Assert.StartsWith($"The entry {ids[2]} at place 3 (act_3, ", finding.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("action = 'signed_in'"), InlineData("actor = 'system'"), InlineData("user_id = id"), InlineData("session_id = id"), InlineData("details = NULL")]
    public async Task Every_member_is_covered(string change)
    {
        await using var audit = await ChainedAudit.CreateAsync("Sqlite", servers);
        var ids = await audit.SealedAsync(2);
#pragma warning disable EF1003 // The change is a constant of this test.
        await audit.TamperAsync(db => db.Database.ExecuteSqlRawAsync("UPDATE audit_entries SET " + change + " WHERE id = {0}", ids[0]));
#pragma warning restore EF1003

        Assert.Equal(AuditFindingKind.Changed, Assert.Single((await audit.VerifyAsync()).Findings).Kind);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task An_instant_that_was_moved_is_named(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        var ids = await audit.SealedAsync(2);
        await audit.TamperAsync(db => db.Set<AuditEntry>().Where(e => e.Id == ids[1]).ExecuteUpdateAsync(e => e.SetProperty(x => x.At, TimeProvider.System.GetUtcNow().AddDays(-1))));

        Assert.Equal((AuditFindingKind.Changed, ids[1]), Single(await audit.VerifyAsync()));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_deleted_entry_is_named(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        var ids = await audit.SealedAsync(5);
        await audit.TamperAsync(db => db.Database.ExecuteSqlAsync($"DELETE FROM audit_entries WHERE id = {ids[2]}"));

        Assert.Equal((AuditFindingKind.Missing, ids[2]), Single(await audit.VerifyAsync()));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task One_that_was_deleted_with_its_seal_leaves_a_gap(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        var ids = await audit.SealedAsync(5);
        await audit.TamperAsync(db => db.Database.ExecuteSqlAsync($"DELETE FROM audit_entries WHERE id = {ids[2]}"));
        await audit.TamperAsync(db => db.Database.ExecuteSqlAsync($"DELETE FROM audit_seals WHERE entry_id = {ids[2]}"));

        var finding = Assert.Single((await audit.VerifyAsync()).Findings);

        Assert.Equal((AuditFindingKind.Missing, 3L), (finding.Kind, finding.Sequence!.Value));
        Assert.Contains("place 3", finding.What, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Two_that_changed_places_are_named(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        var ids = await audit.SealedAsync(5);
        foreach (var (id, place) in new[] { (ids[1], 99), (ids[3], 2), (ids[1], 4) })
        {
            await audit.TamperAsync(db => db.Database.ExecuteSqlAsync($"UPDATE audit_seals SET sequence = {place} WHERE entry_id = {id}"));
        }

        var findings = (await audit.VerifyAsync()).Findings;

        Assert.Equal((AuditFindingKind.Reordered, 2L, ids[3]), (findings[0].Kind, findings[0].Sequence!.Value, findings[0].EntryId!.Value));
        Assert.Contains(findings, f => f.Kind is AuditFindingKind.Reordered && f.EntryId == ids[1]);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task An_entry_written_past_the_hub_is_named(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        await audit.SealedAsync(2);
        var forged = new AuditEntry { Id = Guid.CreateVersion7(), At = TimeProvider.System.GetUtcNow(), Action = "signed_in", Actor = "system" };
        await audit.Database.AddAsync(forged);

        Assert.Equal((AuditFindingKind.Inserted, forged.Id), Single(await audit.VerifyAsync()));
        Assert.Equal(0, await audit.SealAsync());
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task One_with_a_seal_of_its_own_making_is_named_too(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        await audit.SealedAsync(2);
        var forged = new AuditEntry { Id = Guid.CreateVersion7(), At = TimeProvider.System.GetUtcNow(), Action = "signed_in", Actor = "system" };
        var hash = AuditChain.Link(Convert.FromHexString((await audit.VerifyAsync()).Head!.Hash), forged, null);
        await audit.Database.AddAsync(forged, new AuditSeal { EntryId = forged.Id, Sequence = 3, Hash = hash });

        Assert.Equal(AuditFindingKind.Inserted, Assert.Single((await audit.VerifyAsync()).Findings).Kind);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_cut_off_end_is_found_and_without_the_head_by_what_the_operator_kept(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        await audit.SealedAsync(3);
        var before = await audit.Database.ReadAsync(db => db.Set<AuditHead>().AsNoTracking().SingleAsync());
        var ids = await audit.SealedAsync(2);
        var kept = (await audit.VerifyAsync()).Head!;
        foreach (var id in ids[3..])
        {
            await audit.TamperAsync(db => db.Database.ExecuteSqlAsync($"DELETE FROM audit_entries WHERE id = {id}"));
            await audit.TamperAsync(db => db.Database.ExecuteSqlAsync($"DELETE FROM audit_seals WHERE entry_id = {id}"));
        }

        Assert.Equal(AuditFindingKind.Truncated, Assert.Single((await audit.VerifyAsync()).Findings).Kind);

        // Who kept the row of the end from before can put it back: then only what lies elsewhere tells.
        await audit.TamperAsync(db => db.Database.ExecuteSqlAsync($"UPDATE audit_head SET sequence = {before.Sequence}, hash = {before.Hash}, mac = {before.Mac}"));
        Assert.Empty((await audit.VerifyAsync()).Findings);
        var finding = Assert.Single((await audit.VerifyAsync(kept)).Findings);
        Assert.Equal((AuditFindingKind.Truncated, 5L), (finding.Kind, finding.Sequence!.Value));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Hashes_computed_anew_are_not_vouched_for(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        await audit.SealedAsync(3);
        var kept = (await audit.VerifyAsync()).Head!;
        await audit.TamperAsync(async db =>
        {
            var hash = AuditChain.Genesis;
            foreach (var seal in await db.Set<AuditSeal>().OrderBy(s => s.Sequence).ToListAsync())
            {
                await db.Set<AuditEntry>().Where(e => e.Id == seal.EntryId && e.Action == "act_2").ExecuteUpdateAsync(e => e.SetProperty(x => x.Action, "nothing"));
                hash = seal.Hash = AuditChain.Link(hash, await db.Set<AuditEntry>().AsNoTracking().SingleAsync(e => e.Id == seal.EntryId), seal.Trace);
            }

            await db.SaveChangesAsync();
        });

        Assert.Equal(AuditFindingKind.Forged, Assert.Single((await audit.VerifyAsync()).Findings).Kind);
        Assert.Equal([AuditFindingKind.Forged, AuditFindingKind.Forged], (await audit.VerifyAsync(kept)).Findings.Select(f => f.Kind));
    }

    [Fact]
    public async Task Another_secret_does_not_vouch()
    {
        await using var audit = await ChainedAudit.CreateAsync("Sqlite", servers);
        await audit.SealedAsync(1);
        using var elsewhere = new TemporaryFolder();
        var other = new AuditHeadKey(new InstallationSecret(Options.Create(new KeyOptions()), Options.Create(new HubOptions { DataFolder = elsewhere.Path })));

        Assert.Equal(AuditFindingKind.Forged, Assert.Single((await audit.VerifyAsync(key: other)).Findings).Kind);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Where_an_act_came_from_is_covered_until_the_account_is_closed(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        var user = new User { Id = Guid.CreateVersion7(), UserName = "ada", NormalizedUserName = "ADA", SecurityStamp = "stamp" };
        await audit.Database.AddAsync(user);
        var ids = await audit.SealedAsync(2, user.Id);
        Assert.Equal(["192.0.2.7"], await audit.Database.ReadAsync(db => db.Set<AuditEntry>().Select(e => e.IpAddress).Distinct().ToListAsync()));
        await audit.TamperAsync(db => db.Database.ExecuteSqlAsync($"UPDATE audit_entries SET ip_address = '192.0.2.8' WHERE id = {ids[1]}"));
        Assert.Equal((AuditFindingKind.TraceChanged, ids[1]), Single(await audit.VerifyAsync()));

        await audit.TamperAsync(db => new PersonalData(db, TimeProvider.System).EraseTracesAsync(user.Id));
        Assert.Equal([AuditFindingKind.TraceChanged, AuditFindingKind.TraceChanged], (await audit.VerifyAsync()).Findings.Select(f => f.Kind));

        await audit.TamperAsync(db => new PersonalData(db, TimeProvider.System).EraseAsync(user.Id));
        Assert.Empty((await audit.VerifyAsync()).Findings);
        Assert.Equal([null], await audit.Database.ReadAsync(db => db.Set<AuditEntry>().Select(e => e.TraceSalt).Distinct().ToListAsync()));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task More_than_a_batch_is_walked_to_its_end(string provider)
    {
        await using var audit = await ChainedAudit.CreateAsync(provider, servers);
        await audit.SealedAsync(1100);
        while (await audit.SealAsync() > 0)
        {
        }

        var report = await audit.VerifyAsync();

        Assert.Empty(report.Findings);
        Assert.Equal((1100, 1100), (report.Entries, report.Head!.Sequence));
    }

    private static (AuditFindingKind, Guid?) Single(AuditReport report) => Assert.Single(report.Findings) is var finding ? (finding.Kind, finding.EntryId) : default;
}
