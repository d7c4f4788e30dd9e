using IdentityHub.Data;
using IdentityHub.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.RelyingParties;

/// <summary>Reads the access token of a request to an endpoint of the hub itself (RFC 6750, RFC 9068).</summary>
internal sealed class AccessTokens(KeyRing keys, IServiceScopeFactory scopes, IOptions<HubOptions> hub, TimeProvider time)
{
    private static readonly JsonWebTokenHandler Tokens = new();

    /// <summary>What the request carries as a bearer token; null when it carries none.</summary>
    public static string? Of(HttpRequest request) =>
        // RFC 6750 §2.1 alone: a token in an address would stand in logs.
        request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;

    /// <summary>The token, when it is one of this hub, for this hub, has not expired and was not revoked; otherwise null.</summary>
    public async Task<JsonWebToken?> ReadAsync(string token, CancellationToken cancel)
    {
        var result = await Tokens.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = hub.Value.Issuer,
            ValidAudience = hub.Value.Issuer,
            IssuerSigningKeys = keys.Published,
            ValidTypes = [JsonWebTokenTypes.AccessToken],
            LifetimeValidator = (_, expires, _, _) => expires > time.GetUtcNow().UtcDateTime,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken read } && await IsGoodAsync(read, cancel) ? read : null;
    }

    // Revoked, of an application that is disabled, or of one that was deleted: with the registration go its tokens.
    private async Task<bool> IsGoodAsync(JsonWebToken token, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        return token.TryGetPayloadValue<string>(Claims.Private.TokenId, out var id) && await db.Set<IssuedToken>().AnyAsync(t => t.Id == id && t.Status == Statuses.Valid && t.Application!.DisabledAt == null, cancel);
    }
}
