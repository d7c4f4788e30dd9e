using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>A logout token as it arrived. Decoded, not verified: that is what <c>tests/node</c> is for.</summary>
internal sealed record ReceivedLogout(DateTimeOffset At, string Token, JsonObject Header, JsonObject Payload, BackChannelAnswer Answered)
{
    /// <summary>The <c>traceparent</c> it came with (W3C Trace Context).</summary>
    public string? TraceParent { get; init; }

    public string? Sid => (string?)Payload["sid"];

    public string? Sub => (string?)Payload["sub"];

    public string? Jti => (string?)Payload["jti"];

    public static ReceivedLogout Decode(DateTimeOffset at, string token, BackChannelAnswer answered)
    {
        var parts = token.Split('.');
        return parts.Length == 3
            ? new ReceivedLogout(at, token, Json(parts[0]), Json(parts[1]), answered)
            : throw new FormatException($"A logout token is a signed JWT of three parts; this one has {parts.Length}.");
    }

    private static JsonObject Json(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();
}
