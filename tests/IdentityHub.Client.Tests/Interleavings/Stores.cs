using IdentityHub.Client.Sessions;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.Tests.Interleavings;

/// <summary>One node, whose sessions die with its process. Each of its operations is one piece by itself.</summary>
internal sealed class MemoryNodes() : Nodes(1)
{
    protected override ISessionStore Start(Life life) => new MemorySessionStore(Time);
}

/// <summary>Two nodes on one cache; between any two of its gets, sets and removes something else may happen.</summary>
internal class CacheNodes() : Nodes(2)
{
    private readonly Dictionary<string, (byte[] Value, DateTimeOffset Until)> _entries = [];

    protected override ISessionStore Start(Life life) =>
        new DistributedSessionStore(new Cache(this, life), Options.Create(new IdentityHubOptions { ClientId = "notes" }), Time);

    protected override void Forget() => _entries.Clear();

    protected IDistributedCache CacheOf(Life life) => new Cache(this, life);

    private sealed class Cache(CacheNodes nodes, Life life) : IDistributedCache
    {
        public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
        {
            await nodes.Turns.TakeAsync(life);
            return nodes._entries.TryGetValue(key, out var entry) && entry.Until > nodes.Time.GetUtcNow() ? entry.Value : null;
        }

        public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            await nodes.Turns.TakeAsync(life);
            nodes._entries[key] = (value, nodes.Time.GetUtcNow() + options.AbsoluteExpirationRelativeToNow!.Value);
        }

        public async Task RemoveAsync(string key, CancellationToken token = default)
        {
            await nodes.Turns.TakeAsync(life);
            nodes._entries.Remove(key);
        }

        public byte[]? Get(string key) => throw new NotSupportedException();

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

        public void Refresh(string key) => throw new NotSupportedException();

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Remove(string key) => throw new NotSupportedException();
    }
}

/// <summary>What everybody writes first: a logout looks for the session and deletes it. It must be caught.</summary>
internal sealed class DeletingNodes() : CacheNodes
{
    protected override ISessionStore Start(Life life) => new DeletingStore(CacheOf(life));

    private sealed class DeletingStore(IDistributedCache cache) : ISessionStore
    {
        private static readonly DistributedCacheEntryOptions Day = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(1) };

        public async ValueTask<bool> StoreAsync(StoredSession session, CancellationToken cancellationToken)
        {
            await cache.SetAsync("key:" + (session.Sid ?? session.Subject), System.Text.Encoding.UTF8.GetBytes(session.Key), Day, cancellationToken);
            await cache.SetAsync(session.Key, [], Day, cancellationToken);
            return true;
        }

        public async ValueTask<StoredSession?> FindAsync(string key, CancellationToken cancellationToken) =>
            await cache.GetAsync(key, cancellationToken) is null ? null : new()
            {
                Key = key, Issuer = "", Subject = "", IssuedAt = default, ExpiresAt = default, EndsAt = default, Ticket = default,
            };

        public ValueTask<bool> ExtendAsync(string key, DateTimeOffset expiresAt, CancellationToken cancellationToken) => new(true);

        public async ValueTask EndAsync(string key, CancellationToken cancellationToken) => await cache.RemoveAsync(key, cancellationToken);

        public async ValueTask<LogoutOutcome> EndAsync(LogoutNotice notice, CancellationToken cancellationToken)
        {
            if (await cache.GetAsync("key:" + (notice.Sid ?? notice.Subject), cancellationToken) is { } key)
            {
                await cache.RemoveAsync(System.Text.Encoding.UTF8.GetString(key), cancellationToken);
            }

            return LogoutOutcome.Ended;
        }
    }
}

/// <summary>A store in memory that ends what is there, and does not remember what it ended. It must be caught.</summary>
internal sealed class ForgetfulNodes() : Nodes(1)
{
    protected override ISessionStore Start(Life life) => new Forgetful(Time);

    private sealed class Forgetful(TimeProvider time) : ISessionStore
    {
        private readonly Dictionary<string, StoredSession> _sessions = [];

        public ValueTask<bool> StoreAsync(StoredSession session, CancellationToken cancellationToken) => new(_sessions.TryAdd(session.Key, session));

        public ValueTask<StoredSession?> FindAsync(string key, CancellationToken cancellationToken) =>
            new(_sessions.GetValueOrDefault(key) is { } session && session.ExpiresAt > time.GetUtcNow() ? session : null);

        public ValueTask<bool> ExtendAsync(string key, DateTimeOffset expiresAt, CancellationToken cancellationToken) => new(true);

        public ValueTask EndAsync(string key, CancellationToken cancellationToken)
        {
            _sessions.Remove(key);
            return ValueTask.CompletedTask;
        }

        public ValueTask<LogoutOutcome> EndAsync(LogoutNotice notice, CancellationToken cancellationToken)
        {
            foreach (var session in _sessions.Values.Where(s => notice.Sid is null ? s.Subject == notice.Subject : s.Sid == notice.Sid).ToList())
            {
                _sessions.Remove(session.Key);
            }

            return new(LogoutOutcome.Ended);
        }
    }
}
