using IdentityHub.Client.Sessions;

namespace IdentityHub.Client.Tests.Sessions;

/// <summary>The store in memory: one node, so here is there.</summary>
public sealed class MemorySessionStoreTests : SessionStoreContract
{
    private readonly MemorySessionStore _store;

    public MemorySessionStoreTests() => _store = new(Time);

    protected override int Rounds => 20_000;

    protected override ISessionStore Here => _store;

    protected override ISessionStore There => _store;

    [Fact]
    public async Task An_ended_sid_is_forgotten_after_itsTime()
    {
        await _store.EndAsync(Notice(sid: "s1"), None);
        Time.Advance(TimeSpan.FromMinutes(10));

        Assert.True(await _store.StoreAsync(Session("ada", "s1"), None));
    }

    [Fact]
    public void What_is_remembered_is_bounded_and_the_first_to_end_goes_first()
    {
        var entries = new RecentEntries<bool>(capacity: 3);
        var now = Time.GetUtcNow();
        for (var i = 1; i <= 5; i++)
        {
            entries.Add(("issuer", $"t{i}"), true, now.AddSeconds(i), now);
        }

        Assert.Equal(3, entries.Count);
        Assert.False(entries.Has(("issuer", "t2"), now));
        Assert.True(entries.Has(("issuer", "t3"), now));
        Assert.False(entries.Has(("issuer", "t3"), now.AddSeconds(3)));
    }

    [Fact]
    public void Remembering_again_lengthens_and_never_shortens()
    {
        var entries = new RecentEntries<bool>();
        var now = Time.GetUtcNow();
        entries.Add(("issuer", "t"), true, now.AddSeconds(10), now);
        entries.Add(("issuer", "t"), true, now.AddSeconds(5), now);
        entries.Add(("issuer", "other"), true, now.AddSeconds(20), now.AddSeconds(7));

        Assert.True(entries.Has(("issuer", "t"), now.AddSeconds(9)));
        Assert.False(entries.Has(("issuer", "t"), now.AddSeconds(10)));
    }
}
