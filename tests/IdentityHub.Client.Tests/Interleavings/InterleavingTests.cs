using FsCheck;
using FsCheck.Fluent;

namespace IdentityHub.Client.Tests.Interleavings;

/// <summary>
/// I7 for every store: at no interleaving of callbacks, uses, logout tokens, their repetitions, sign-outs, passing time and
/// dying nodes does a session live whose end was announced and confirmed. A history that breaks it is shortened and shown.
/// </summary>
public sealed class InterleavingTests(ITestOutputHelper output)
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("IDENTITYHUB_SOAK") == "1" ? 10 : 1;

    [Fact]
    public void In_memory_no_session_outlives_its_end() => Holds(new MemoryNodes(), 1_000 * Rounds);

    [Fact]
    public void In_a_shared_cache_no_session_outlives_its_end() => Holds(new CacheNodes(), 1_000 * Rounds);

    [Fact]
    public void In_a_database_no_session_outlives_its_end()
    {
        using var nodes = new DatabaseNodes();
        Holds(nodes, 100 * Rounds);
    }

    [Fact] // or the ones above could not fail
    public void Stores_that_only_delete_are_caught()
    {
        Assert.ThrowsAny<Exception>(() => Play(new ForgetfulNodes(), 2_000, new()));
        Assert.ThrowsAny<Exception>(() => Play(new DeletingNodes(), 2_000, new()));
    }

    private void Holds(Nodes nodes, int histories)
    {
        var tally = new History.Tally();
        Play(nodes, histories, tally);

        output.WriteLine($"{histories} histories: {tally}");
        Assert.All([tally.Stored, tally.RefusedLate, tally.Confirmed, tally.Killed, tally.FoundAlive], n => Assert.InRange(n, histories / 20, int.MaxValue));
    }

    // On a thread of the pool: it has no synchronization context that would hand an operation's next piece to another one.
    private static void Play(Nodes nodes, int histories, History.Tally tally) => Task.Run(() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(histories),
        Prop.ForAll(History.Any(), history => (history.PlayOn(nodes, tally) is var problem && problem is null).Label(problem ?? ""))))
        .GetAwaiter().GetResult();
}
