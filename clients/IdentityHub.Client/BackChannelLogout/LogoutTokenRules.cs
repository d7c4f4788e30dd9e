using System.Text.Json;
using IdentityHub.Client.Sessions;

namespace IdentityHub.Client.BackChannelLogout;

/// <summary>
/// What the claims of a logout token must be (Back-Channel Logout §2.4, §2.6), in the order of §2.6. Its signature is
/// checked before. Pure: no clock, no network. Claims that are not named here are ignored, as §2.4 asks.
/// </summary>
internal static class LogoutTokenRules
{
    public const string Event = "http://schemas.openid.net/event/backchannel-logout";

    public sealed record Expected(string Issuer, string ClientId, TimeSpan Skew, TimeSpan RememberEnded);

    /// <summary>What the token asks for, or the reason why it is refused.</summary>
    public static (LogoutNotice? Notice, string? Refusal) Read(JsonElement claims, Expected expected, DateTimeOffset now)
    {
        var iat = Instant(claims, "iat");
        var exp = Instant(claims, "exp");
        var sub = Text(claims, "sub");
        var sid = Text(claims, "sid");
        var jti = Text(claims, "jti");

        var refusal =
            Text(claims, "iss") != expected.Issuer ? "iss is not the provider's issuer"
            // Core §3.1.3.7 rule 3: an audience beside us that we do not trust is refused as well.
            : !IsOnlyAudience(claims, expected.ClientId) ? "aud is not this client alone"
            : iat is null ? "iat is missing or not a time"
            : iat > now + expected.Skew ? "iat is in the future"
            : exp is null ? "exp is missing or not a time"
            : exp <= now - expected.Skew ? "the token has expired"
            : Instant(claims, "nbf") > now + expected.Skew ? "nbf is in the future"
            : IsWrong(claims, "sub", sub) ? "sub is not a non-empty string"
            : IsWrong(claims, "sid", sid) ? "sid is not a non-empty string"
            : sub is null && sid is null ? "sub and sid are both missing"
            : !IsLogoutEvent(claims) ? $"events lacks an object named {Event}"
            // So that a logout token cannot pass for an ID token in a forged authentication response, nor one for it (§4.1).
            : claims.TryGetProperty("nonce", out _) ? "nonce is present"
            : jti is null ? "jti is missing"
            : null;

        return refusal is not null ? (null, refusal) : (new()
        {
            Issuer = expected.Issuer,
            Subject = sub,
            Sid = sid,
            IssuedAt = iat!.Value,
            TokenId = jti!,
            TokenExpiresAt = exp!.Value + expected.Skew,
            RememberUntil = now + expected.RememberEnded,
        }, null);
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private static bool IsWrong(JsonElement claims, string name, string? text) =>
        claims.TryGetProperty(name, out _) && text is null;

    private static bool IsOnlyAudience(JsonElement claims, string clientId) =>
        claims.TryGetProperty("aud", out var aud) && aud.ValueKind switch
        {
            JsonValueKind.String => aud.GetString() == clientId,
            JsonValueKind.Array => aud.GetArrayLength() == 1 && aud[0].ValueKind is JsonValueKind.String && aud[0].GetString() == clientId,
            _ => false,
        };

    private static bool IsLogoutEvent(JsonElement claims) =>
        claims.TryGetProperty("events", out var events) && events.ValueKind is JsonValueKind.Object
        && events.TryGetProperty(Event, out var member) && member.ValueKind is JsonValueKind.Object;

    // RFC 7519 §2: a NumericDate may have a fraction. Beyond the year 9999 it is no time we could compare with.
    private static DateTimeOffset? Instant(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number
        && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 253_402_214_400
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
}
