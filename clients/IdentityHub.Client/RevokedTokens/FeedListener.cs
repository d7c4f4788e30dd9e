using System.Net.ServerSentEvents;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.RevokedTokens;

/// <summary>
/// Reads the feed for as long as the application runs: resumes where it was after every interruption, with growing pauses
/// while the hub is away.
/// </summary>
internal sealed partial class FeedListener(
    FeedSession session, RevokedTokens tokens, CheckMetrics metrics, IOptions<RevokedTokenCheckOptions> options, TimeProvider time, ILogger<FeedListener> log)
    : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SilentAtFirst = TimeSpan.FromSeconds(15);

    private string? _lastEventId;
    private TimeSpan _silence = SilentAtFirst;
    private bool _warnedOfRetention;

    /// <summary>Why the feed cannot be read at present, as a sentence; null while it is read.</summary>
    public string? Problem { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            var failure = await ListenAsync(stoppingToken);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            metrics.Ended(failure);
            if (failure is null)
            {
                // The hub ended it in good order: the token has expired, or the node goes. Another takes over at once.
                pause = TimeSpan.Zero;
                continue;
            }

            pause = Problem is null ? FirstPause : TimeSpan.FromTicks(Math.Min(Math.Max(pause.Ticks * 2, FirstPause.Ticks), LongestPause.Ticks));
            Problem = failure is FeedProblemException ? failure.Message : $"The feed broke off: {failure.Message}";
            Log.Broken(log, options.Value.Authority, pause, failure);
            // Not all nodes of an application at the same instant.
            await Task.Delay(pause * (0.5 + (RandomNumberGenerator.GetInt32(1000) / 1000.0)), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The failure, null where the stream came to its end.
    private async Task<Exception?> ListenAsync(CancellationToken stopping)
    {
        using var silent = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, silent.Token);
        try
        {
            using var answer = await session.OpenAsync(_lastEventId, stopping);
            silent.CancelAfter(_silence);
            await using var stream = await answer.Content.ReadAsStreamAsync(over.Token);
            var heard = false;
            await foreach (var told in SseParser.Create(stream).EnumerateAsync(over.Token))
            {
                Take(told);
                // After it was taken, for it may say how often there will be word.
                silent.CancelAfter(_silence);
                // After it was taken: what was not must come again.
                _lastEventId = told.EventId ?? _lastEventId;
                heard = true;
            }

            // Without the pause of a failure, whatever closes connections at once would be asked without end.
            return heard ? null : new FeedProblemException("The feed ended without a word.");
        }
        catch (OperationCanceledException) when (silent.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return new TimeoutException($"Nothing came for {_silence.TotalSeconds:0} seconds.");
        }
        // A loop that must survive: whatever went wrong is told, and the feed counts as behind until it is read again.
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            return e;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private void Take(SseItem<string> told)
    {
        metrics.Told(told.EventType);
        switch (told.EventType)
        {
            case "session-ended":
                tokens.SessionEnded(Read(told).GetProperty("sid").GetString() ?? throw new JsonException("The feed names a session without its sid."));
                break;
            case "person-revoked":
                var person = Read(told);
                tokens.PersonRevoked(person.GetProperty("sub").GetString() ?? throw new JsonException("The feed names a person without their sub."), person.GetProperty("revokedAt").GetDateTimeOffset());
                break;
            case "current":
                Current(Read(told));
                break;
            case "reset":
                // What is remembered stays; all that the hub keeps follows.
                _lastEventId = null;
                Log.Reset(log, Read(told).TryGetProperty("reason", out var reason) ? reason.GetString() : null);
                break;
            default:
                // A newer hub tells more; what it tells is not about what we refuse.
                break;
        }
    }

    private void Current(JsonElement said)
    {
        // Three heartbeats without a word: the connection is dead, whatever TCP believes.
        _silence = TimeSpan.FromSeconds(Math.Clamp(3 * Seconds("heartbeatSeconds", SilentAtFirst.TotalSeconds / 3), 2, 90));
        if (Seconds("keptSeconds", double.MaxValue) < options.Value.AccessTokenLifetime.TotalSeconds && !_warnedOfRetention)
        {
            _warnedOfRetention = true;
            Log.KeptTooShort(log, options.Value.AccessTokenLifetime);
        }

        tokens.Current();
        if (Problem is not null)
        {
            Problem = null;
            Log.Mended(log, options.Value.Authority);
        }

        double Seconds(string name, double otherwise) => said.TryGetProperty(name, out var value) && value.TryGetDouble(out var seconds) ? seconds : otherwise;
    }

    private static JsonElement Read(SseItem<string> told) => JsonSerializer.Deserialize<JsonElement>(told.Data);

    private static partial class Log
    {
        [LoggerMessage(50, LogLevel.Warning, "The feed of ended sessions at {Authority} cannot be read; next attempt after about {Pause}.")]
        public static partial void Broken(ILogger log, string? authority, TimeSpan pause, Exception exception);

        [LoggerMessage(51, LogLevel.Information, "The feed of ended sessions at {Authority} is read again.")]
        public static partial void Mended(ILogger log, string? authority);

        [LoggerMessage(52, LogLevel.Information, "The feed of ended sessions could not be resumed and is read from its beginning: {Reason}")]
        public static partial void Reset(ILogger log, string? reason);

        [LoggerMessage(53, LogLevel.Error, "The hub keeps its feed for less than AccessTokenLifetime ({Lifetime}): an application that starts does not hear of all that ended. Lower AccessTokenLifetime, or raise RevocationFeed:KeepFor at the hub.")]
        public static partial void KeptTooShort(ILogger log, TimeSpan lifetime);
    }
}
