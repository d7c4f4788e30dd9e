using System.Diagnostics.Metrics;
using IdentityHub.Data;

namespace IdentityHub.Keys;

/// <summary>Keeps the key ring of this node up to date with the database, and the database with the schedule.</summary>
internal sealed partial class KeyReload : Recurring
{
    // Far below the shortest time a key is published ahead: every node knows a key before any node uses it.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private readonly KeyRing _ring;
    private readonly ILogger _log;
    private readonly Counter<long> _failed;

    public KeyReload(KeyRing ring, IMeterFactory meters, TimeProvider time, ILogger<KeyReload> log)
        : base(Every, time)
    {
        (_ring, _log) = (ring, log);
        _failed = meters.Create("IdentityHub.Keys").CreateCounter<long>("identityhub.keys.reload_failures", "{failure}", "Reloads that failed; the node went on with the keys it had.");
        ring.Changed += () => Log.Changed(log, ring.Signing[0].Kid, ring.Published.Count);
    }

    protected override async Task<bool> DoAsync(CancellationToken stopping)
    {
        await _ring.LoadAsync(stopping);
        return false;
    }

    protected override void Failed(Exception problem)
    {
        _failed.Add(1);
        Log.Failed(_log, problem);
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "The keys have changed: {KeyId} signs, {Count} are published.")]
        public static partial void Changed(ILogger logger, string? keyId, int count);

        [LoggerMessage(3002, LogLevel.Error, "The keys could not be reloaded; the node goes on with those it has.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
