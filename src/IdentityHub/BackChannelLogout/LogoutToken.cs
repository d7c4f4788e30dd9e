using System.Security.Cryptography;
using IdentityHub.RelyingParties;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityHub.BackChannelLogout;

/// <summary>The logout token of Back-Channel Logout §2.4. Made anew for every attempt: its life is shorter than the wait between two.</summary>
internal static class LogoutToken
{
    /// <summary>§4: at most two minutes, so that a captured token is soon worth nothing.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(120);

    public const string Event = "http://schemas.openid.net/event/backchannel-logout";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };
    private static readonly Dictionary<string, object> Events = new() { [Event] = new Dictionary<string, object>() };

    public static string Create(string issuer, LogoutDelivery delivery, Receiver receiver, SigningCredentials key, DateTimeOffset now)
    {
        // No nonce, ever (§2.4): with one it could pass for an ID token in a forged authentication response (§4.1).
        var claims = new Dictionary<string, object>
        {
            ["jti"] = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(16)),
            ["events"] = Events,
        };
        if (receiver.Subject is not LogoutTokenSubject.Sub || receiver.SidRequired)
        {
            claims["sid"] = delivery.Sid;
        }

        if (receiver.Subject is not LogoutTokenSubject.Sid)
        {
            claims["sub"] = delivery.Subject;
        }

        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = receiver.ClientId,
            IssuedAt = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            TokenType = "logout+jwt",
            Claims = claims,
            SigningCredentials = key,
        });
    }
}
