using System.Diagnostics.Metrics;

namespace IdentityHub.Keys;

/// <summary>Keeps the key ring of this node up to date with the database, and the database with the schedule.</summary>
internal sealed partial class KeyReload : BackgroundService
{
    // Far below the shortest time a key is published ahead: every node knows a key before any node uses it.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private readonly KeyRing _ring;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Counter<long> _failed;

    public KeyReload(KeyRing ring, IMeterFactory meters, TimeProvider time, ILogger<KeyReload> log)
    {
        (_ring, _time, _log) = (ring, time, log);
        _failed = meters.Create("IdentityHub.Keys").CreateCounter<long>("identityhub.keys.reload_failures", "{failure}", "Reloads that failed; the node went on with the keys it had.");
        ring.Changed += () => Log.Changed(log, ring.Signing[0].Kid, ring.Published.Count);
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, _time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await _ring.LoadAsync(stopping);
            }
            catch (Exception ex) when (!stopping.IsCancellationRequested)
            {
                _failed.Add(1);
                Log.Failed(_log, ex);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "The keys have changed: {KeyId} signs, {Count} are published.")]
        public static partial void Changed(ILogger logger, string? keyId, int count);

        [LoggerMessage(3002, LogLevel.Error, "The keys could not be reloaded; the node goes on with those it has.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
