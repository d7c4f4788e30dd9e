using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Data;

public sealed class HubTransactionTests(SharedServers servers)
{
    private readonly List<string> _rung = [];

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task What_is_not_kept_was_never_written_and_rings_nobody(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var db = database.Open();

        Assert.False(await db.InTransactionAsync(() => WriteAsync(db, "refused", keep: false), keep: kept => kept));
        Assert.True(await db.InTransactionAsync(() => WriteAsync(db, "kept", keep: true), keep: kept => kept));

        Assert.Equal("kept", await NamesAsync(database));
        Assert.Equal(["kept"], _rung);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Within_anothers_transaction_it_takes_back_its_own_part_alone(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var db = database.Open();

        await db.InTransactionAsync(async () =>
        {
            await WriteAsync(db, "before", keep: true);
            await db.InTransactionAsync(
                async () =>
                {
                    await db.InTransactionAsync(() => WriteAsync(db, "inner, kept", keep: true), keep: kept => kept);
                    return await WriteAsync(db, "outer, refused", keep: false);
                },
                keep: kept => kept);
            await db.InTransactionAsync(() => WriteAsync(db, "another, kept", keep: true), keep: kept => kept);
            Assert.Empty(_rung);
            return true;
        });

        Assert.Equal("another, kept; before", await NamesAsync(database));
        Assert.Equal(["before", "another, kept"], _rung);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_transaction_that_failed_leaves_nothing_to_the_next_one(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var db = database.Open();
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.InTransactionAsync<bool>(async () =>
        {
            await WriteAsync(db, "failed", keep: true);
            throw new InvalidOperationException();
        }));
        db.ChangeTracker.Clear();

        await db.InTransactionAsync(() => WriteAsync(db, "next", keep: true));

        Assert.Equal("next", await NamesAsync(database));
        Assert.Equal(["next"], _rung);
    }

    private async Task<bool> WriteAsync(HubDb db, string name, bool keep)
    {
        db.Add(new RelyingParty { Id = name, ClientId = name });
        await db.SaveChangesAsync();
        db.AfterCommit(() => _rung.Add(name));
        return keep;
    }

    private static async Task<string> NamesAsync(HubDatabase database) =>
        string.Join("; ", await database.ReadAsync(db => db.Set<RelyingParty>().OrderBy(p => p.Id).Select(p => p.Id).ToListAsync()));
}
