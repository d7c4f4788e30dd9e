using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.Sessions;

/// <summary>
/// Sessions in a cache that all nodes share, such as Redis. A logout received by one node is seen by all from the moment
/// it is confirmed. Safe for concurrent use, also by many nodes.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="IDistributedCache"/> has no transactions and no compare-and-set, so nothing here depends on them. A session
/// is written once and never rewritten: what moves (its expiry) is an entry of its own, so no late write can bring it
/// back. A logout is one write of a mark beside it, and every <see cref="FindAsync"/> looks for the marks after it has
/// read the session. Whichever of a logout and a session is written first, the mark is there when the logout is confirmed.
/// A mark outlives every session it can cover.
/// </para>
/// <para>
/// Promised less than by the other stores: of posts of one logout token at several nodes in the same moment more than one
/// may be answered 200 (they end the same sessions); an ended session is remembered longer than asked, for
/// <see cref="IdentityHubOptions.SessionLifetime"/>; and when two logouts of a whole person with different <c>iat</c> are
/// received by two nodes in the same moment, the earlier <c>iat</c> may be the one that is kept for a sign-in which is
/// still redeeming its code. Sessions that were stored before end in every case.
/// </para>
/// <para>
/// The cache must not drop entries before their time, or an ended session could come back: with Redis, <c>maxmemory-policy
/// noeviction</c>. It must answer reads from where it writes, not from a replica that lags. When
/// <see cref="IdentityHubOptions.SessionLifetime"/> is shortened, sessions that began before keep their length and may
/// outlive the marks: empty the cache then.
/// </para>
/// </remarks>
/// <param name="cache">The cache, shared by all nodes of this application; other applications may use it too.</param>
/// <param name="options">The client's id, which keeps applications apart, and how long sessions live.</param>
/// <param name="time">The clock that expiry is measured with.</param>
public sealed class DistributedSessionStore(IDistributedCache cache, IOptions<IdentityHubOptions> options, TimeProvider time)
    : ISessionStore
{
    // For nodes whose clocks differ: a mark too long is harmless, one too short is not.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public async ValueTask<bool> StoreAsync(StoredSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);

        // Read before the session is written: an end that comes between the two writes another generation.
        var generation = (await ReadAsync(PersonKey(session.Issuer, session.Subject), CachedJson.Default.CachedPersonEnd, cancellationToken))?.Generation;
        var cached = CachedSession.Of(session, generation);
        var lifetime = session.EndsAt - time.GetUtcNow();
        if (session.Sid is { } sid)
        {
            await WriteAsync(OwnerKey(session.Issuer, sid), session.Subject, CachedJson.Default.String, lifetime, cancellationToken);
        }

        await WriteAsync(SessionKey(session.Key), cached, CachedJson.Default.CachedSession, lifetime, cancellationToken);
        if (!await IsEndedAsync(cached, cancellationToken))
        {
            return true;
        }

        await cache.RemoveAsync(SessionKey(session.Key), CancellationToken.None);
        return false;
    }

    /// <inheritdoc/>
    public async ValueTask<StoredSession?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (await ReadAsync(SessionKey(key), CachedJson.Default.CachedSession, cancellationToken) is not { } cached)
        {
            return null;
        }

        var moved = ReadExpiryAsync(key, cancellationToken);
        var ended = IsEndedAsync(cached, cancellationToken);
        await Task.WhenAll(moved, ended);
        var expiresAt = await moved ?? cached.ExpiresAt;
        return !await ended && expiresAt > time.GetUtcNow() ? cached.ToStored(key, expiresAt) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ExtendAsync(string key, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        if (await FindAsync(key, cancellationToken) is not { } session)
        {
            return false;
        }

        await WriteAsync(ExpiryKey(key), expiresAt, CachedJson.Default.DateTimeOffset, session.EndsAt - time.GetUtcNow(), cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask EndAsync(string key, CancellationToken cancellationToken)
    {
        await cache.RemoveAsync(SessionKey(key), cancellationToken);
        await cache.RemoveAsync(ExpiryKey(key), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<LogoutOutcome> EndAsync(LogoutNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var token = Key("token", notice.Issuer, notice.TokenId);
        if (await cache.GetAsync(token, cancellationToken) is not null)
        {
            return LogoutOutcome.Replayed;
        }

        if (notice is { Sid: { } named, Subject: { } subject }
            && await ReadAsync(OwnerKey(notice.Issuer, named), CachedJson.Default.String, cancellationToken) is { } owner && owner != subject)
        {
            return LogoutOutcome.OtherSubject;
        }

        // The end first and the jti second: a node that dies between them leaves a token that can be sent again, and never
        // one that is used up for nothing.
        await MarkAsync(notice, cancellationToken);
        var now = time.GetUtcNow();
        await WriteAsync(token, "", CachedJson.Default.String, notice.TokenExpiresAt - now, cancellationToken);
        return LogoutOutcome.Ended;
    }

    private async Task MarkAsync(LogoutNotice notice, CancellationToken cancel)
    {
        var asked = notice.RememberUntil - time.GetUtcNow();
        var lifetime = (asked > options.Value.SessionLifetime ? asked : options.Value.SessionLifetime) + ClockDifference;
        if (notice.Sid is { } sid)
        {
            await WriteAsync(SidKey(notice.Issuer, sid), "", CachedJson.Default.String, lifetime, cancel);
            return;
        }

        var key = PersonKey(notice.Issuer, notice.Subject!);
        var before = await ReadAsync(key, CachedJson.Default.CachedPersonEnd, cancel);
        var issuedAt = before?.IssuedAt > notice.IssuedAt ? before.IssuedAt : notice.IssuedAt;
        var end = new CachedPersonEnd(RandomNumberGenerator.GetHexString(32, lowercase: true), issuedAt);
        await WriteAsync(key, end, CachedJson.Default.CachedPersonEnd, lifetime, cancel);
    }

    private async Task<bool> IsEndedAsync(CachedSession session, CancellationToken cancel)
    {
        if (session.Sid is { } sid && await cache.GetAsync(SidKey(session.Issuer, sid), cancel) is not null)
        {
            return true;
        }

        // iat has whole seconds, so a session of the same second may be the older one: it counts as ended.
        return await ReadAsync(PersonKey(session.Issuer, session.Subject), CachedJson.Default.CachedPersonEnd, cancel) is { } end
            && (end.Generation != session.Generation || session.IssuedAt <= end.IssuedAt);
    }

    private async Task<DateTimeOffset?> ReadExpiryAsync(string key, CancellationToken cancel) =>
        await cache.GetAsync(ExpiryKey(key), cancel) is { } json ? JsonSerializer.Deserialize(json, CachedJson.Default.DateTimeOffset) : null;

    private async Task<T?> ReadAsync<T>(string key, JsonTypeInfo<T> type, CancellationToken cancel)
        where T : class => await cache.GetAsync(key, cancel) is { } json ? JsonSerializer.Deserialize(json, type) : null;

    private async Task WriteAsync<T>(string key, T value, JsonTypeInfo<T> type, TimeSpan lifetime, CancellationToken cancel)
    {
        if (lifetime > TimeSpan.Zero)
        {
            await cache.SetAsync(
                key, JsonSerializer.SerializeToUtf8Bytes(value, type), new() { AbsoluteExpirationRelativeToNow = lifetime }, cancel);
        }
    }

    private string SessionKey(string key) => Key("session", key);

    private string ExpiryKey(string key) => Key("expiry", key);

    private string OwnerKey(string issuer, string sid) => Key("owner", issuer, sid);

    private string SidKey(string issuer, string sid) => Key("sid", issuer, sid);

    private string PersonKey(string issuer, string subject) => Key("person", issuer, subject);

    private string Key(string kind, string first, string second = "") =>
        "identityhub:" + kind + ":" + Mark.Of(options.Value.ClientId, first, second);
}
