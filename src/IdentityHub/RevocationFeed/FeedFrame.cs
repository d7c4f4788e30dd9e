using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IdentityHub.RevocationFeed;

/// <summary>One event as it goes over the wire (HTML §9.2, server-sent events), made once for all subscribers.</summary>
/// <param name="Bytes">The event.</param>
/// <param name="Position">Where to resume once it has been sent; null leaves what was before.</param>
internal sealed record FeedFrame(ReadOnlyMemory<byte> Bytes, FeedPosition? Position)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Sent at once, so that proxies and clients see the response begin.</summary>
    public static readonly FeedFrame Welcome = new(": the revocation feed\n\n"u8.ToArray(), null);

    public static FeedFrame Of(FeedEntry entry, FeedPosition position) => Make(
        entry.Sid is null ? "person-revoked" : "session-ended",
        position,
        new { entry.Sid, Sub = entry.UserId.ToString(), entry.Reason, RevokedAt = entry.At, entry.RevocationId });

    /// <summary>All that was committed up to <paramref name="position"/> has been sent.</summary>
    public static FeedFrame Current(FeedPosition position, RevocationFeedOptions options) => Make(
        "current",
        position,
        new { At = DateTimeOffset.FromUnixTimeSeconds(position.At), HeartbeatSeconds = options.Heartbeat.TotalSeconds, KeptSeconds = options.KeepFor.TotalSeconds });

    /// <summary>Nothing can be resumed; all that is kept follows.</summary>
    public static FeedFrame Reset(string why) => Make("reset", null, new { Reason = why });

    private static FeedFrame Make(string type, FeedPosition? position, object data) => new(
        Encoding.UTF8.GetBytes($"{(position is { } id ? $"id: {id}\n" : "")}event: {type}\ndata: {JsonSerializer.Serialize(data, Json)}\n\n"), position);
}
