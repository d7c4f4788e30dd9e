using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.RelyingParties;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.RevocationFeed;

/// <summary>Who may read the feed: an application for itself, with an access token for the scope (RFC 6750, RFC 9068).</summary>
internal sealed class FeedAccess(KeyRing keys, IServiceScopeFactory scopes, IOptions<HubOptions> hub, TimeProvider time)
{
    private static readonly JsonWebTokenHandler Tokens = new();

    public async Task<FeedAdmission> JudgeAsync(HttpRequest request, CancellationToken cancel)
    {
        // RFC 6750 §2.1 alone: a token in an address would stand in logs.
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return FeedAdmission.NoToken;
        }

        var result = await Tokens.ValidateTokenAsync(header["Bearer ".Length..].Trim(), new TokenValidationParameters
        {
            ValidIssuer = hub.Value.Issuer,
            ValidAudience = hub.Value.Issuer,
            IssuerSigningKeys = keys.Published,
            ValidTypes = [JsonWebTokenTypes.AccessToken],
            LifetimeValidator = (_, expires, _, _) => expires > time.GetUtcNow().UtcDateTime,
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken token || !await IsGoodAsync(token, cancel))
        {
            return FeedAdmission.BadToken;
        }

        return token.TryGetPayloadValue<string>(Claims.Scope, out var scopes) && scopes.Split(' ').Contains(RegistrationRules.FeedScope)
            && token.TryGetPayloadValue<string>(Claims.ClientId, out var client) && client == token.Subject
            ? new FeedAdmission(client, token.ValidTo, null)
            : FeedAdmission.OtherToken;
    }

    // Revoked, or of an application that was deleted: with the registration go its tokens.
    private async Task<bool> IsGoodAsync(JsonWebToken token, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        return token.TryGetPayloadValue<string>(Claims.Private.TokenId, out var id) && await db.Set<IssuedToken>().AnyAsync(t => t.Id == id && t.Status == Statuses.Valid, cancel);
    }
}

/// <summary>Let in, until the token expires; or not, and why.</summary>
internal sealed record FeedAdmission(string? ClientId, DateTimeOffset Until, FeedRefusal? Refusal)
{
    public static readonly FeedAdmission NoToken = new(null, default, new(401, null, "The revocation feed needs an access token in the Authorization header."));

    public static readonly FeedAdmission BadToken = new(null, default, new(401, Errors.InvalidToken, "The access token is not one of this hub, has expired or was revoked."));

    public static readonly FeedAdmission OtherToken = new(null, default, new(403, Errors.InsufficientScope, $"The access token must be an application's own (client_credentials) and have the scope {RegistrationRules.FeedScope}."));
}

/// <summary>RFC 6750 §3.1: without a token the challenge has no error.</summary>
internal sealed record FeedRefusal(int Status, string? Error, string Description)
{
    public string Challenge => "Bearer realm=\"revocation-feed\""
        + (Error is null ? "" : $", error=\"{Error}\", error_description=\"{Description}\"")
        + (Error is Errors.InsufficientScope ? $", scope=\"{RegistrationRules.FeedScope}\"" : "");
}
