using IdentityHub.Client.Sessions;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.Tests.Sessions;

/// <summary>Two nodes over one cache, which has nothing but get, set and remove.</summary>
public sealed class DistributedSessionStoreTests : SessionStoreContract
{
    private readonly Interruptible _cache = new();
    private readonly DistributedSessionStore _here;
    private readonly DistributedSessionStore _there;

    public DistributedSessionStoreTests() => (_here, _there) = (Node("notes"), Node("notes"));

    protected override ISessionStore Here => _here;

    protected override ISessionStore There => _there;

    [Fact]
    public async Task Applications_that_share_a_cache_do_not_end_each_others_sessions()
    {
        var session = await Stored("ada", "s1");

        await Node("bank").EndAsync(Notice(sid: "s1"), None);
        await Node("bank").EndAsync(Notice(sub: "ada"), None);

        Assert.NotNull(await Here.FindAsync(session.Key, None));
    }

    [Theory] // every gap between two steps of storing, finding or extending a session
    [InlineData("s1", null)]
    [InlineData(null, "ada")]
    public async Task A_logout_between_any_two_steps_of_another_node_wins(string? sid, string? sub)
    {
        for (var step = 1; step <= 12; step++)
        {
            var session = Session("ada", "s1");
            _cache.Before(step, () => There.EndAsync(Notice(sid, sub), None).AsTask());
            await Here.StoreAsync(session, None);
            await Here.ExtendAsync(session.Key, Time.GetUtcNow().AddHours(2), None);
            await Here.FindAsync(session.Key, None);
            Assert.True(_cache.Interrupted, $"step {step}");

            Assert.Null(await Here.FindAsync(session.Key, None));
            await _cache.EmptyAsync();
        }
    }

    [Fact]
    public async Task Signing_out_between_any_two_steps_of_an_extension_wins()
    {
        for (var step = 1; step <= 5; step++)
        {
            var session = await Stored("ada", "s1");
            _cache.Before(step, () => There.EndAsync(session.Key, None).AsTask());

            await Here.ExtendAsync(session.Key, Time.GetUtcNow().AddHours(2), None);

            Assert.True(_cache.Interrupted, $"step {step}");
            Assert.Null(await Here.FindAsync(session.Key, None));
        }
    }

    [Fact] // the later of two writes hides the earlier one, and may not hide what it ended
    public async Task Two_logouts_of_one_person_that_overwrite_each_other_both_count()
    {
        var early = Notice(sub: "ada");
        Time.Advance(TimeSpan.FromSeconds(5));
        var between = await Stored("ada", "s1");
        Time.Advance(TimeSpan.FromSeconds(5));
        var late = Notice(sub: "ada");

        // The early one has read that there is none, and writes after the late one did.
        _cache.BeforeSet("person", () => There.EndAsync(late, None).AsTask());
        await Here.EndAsync(early, None);

        Assert.True(_cache.Interrupted);
        Assert.Null(await Here.FindAsync(between.Key, None));
    }

    [Fact]
    public async Task A_logout_that_was_only_half_written_can_be_sent_again()
    {
        var session = await Stored("ada", "s1");
        var notice = Notice(sid: "s1");
        _cache.BeforeSet("token", () => throw new IOException("The cache is down."));

        await Assert.ThrowsAsync<IOException>(() => There.EndAsync(notice, None).AsTask());

        Assert.Equal(LogoutOutcome.Ended, await There.EndAsync(notice, None));
        Assert.Null(await Here.FindAsync(session.Key, None));
    }

    [Fact]
    public async Task The_cache_learns_neither_the_cookie_nor_a_name_in_its_keys()
    {
        await Stored("ada", "s1");
        await There.EndAsync(Notice(sub: "ada"), None);

        Assert.All(_cache.Keys, key => Assert.Matches("^identityhub:[a-z]+:[0-9a-f]{64}$", key));
        Assert.NotEmpty(_cache.Keys);
    }

    private DistributedSessionStore Node(string clientId) =>
        new(_cache, Options.Create(new IdentityHubOptions { ClientId = clientId }), Time);

    /// <summary>A cache in memory where something else can happen just before one of the next steps.</summary>
    private sealed class Interruptible : IDistributedCache
    {
        private readonly MemoryDistributedCache _real = new(Options.Create(new MemoryDistributedCacheOptions()));
        private readonly HashSet<string> _keys = [];
        private readonly Lock _gate = new();
        private Func<Task>? _interruption;
        private int _steps;
        private string? _kind;

        public bool Interrupted => _interruption is null;

        public IReadOnlyCollection<string> Keys => _keys;

        public void Before(int step, Func<Task> interruption) => (_steps, _kind, _interruption) = (step, null, interruption);

        public void BeforeSet(string kind, Func<Task> interruption) => (_steps, _kind, _interruption) = (0, kind, interruption);

        public async Task EmptyAsync()
        {
            foreach (var key in _keys)
            {
                await _real.RemoveAsync(key);
            }
        }

        public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
        {
            await StepAsync(null);
            return await _real.GetAsync(key, token);
        }

        public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            await StepAsync(key);
            lock (_gate)
            {
                _keys.Add(key);
            }

            await _real.SetAsync(key, value, options, token);
        }

        public async Task RemoveAsync(string key, CancellationToken token = default)
        {
            await StepAsync(null);
            await _real.RemoveAsync(key, token);
        }

        public byte[]? Get(string key) => throw new NotSupportedException();

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

        public void Refresh(string key) => throw new NotSupportedException();

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Remove(string key) => throw new NotSupportedException();

        private Task StepAsync(string? set)
        {
            if (_interruption is not { } interruption
                || (_kind is null ? --_steps > 0 : set?.StartsWith($"identityhub:{_kind}:", StringComparison.Ordinal) is not true))
            {
                return Task.CompletedTask;
            }

            _interruption = null;
            return interruption();
        }
    }
}
