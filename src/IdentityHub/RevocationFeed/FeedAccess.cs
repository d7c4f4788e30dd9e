using IdentityHub.RelyingParties;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.RevocationFeed;

/// <summary>Who may read the feed: an application for itself, with an access token for the scope (RFC 6750, RFC 9068).</summary>
internal sealed class FeedAccess(AccessTokens tokens)
{
    public async Task<FeedAdmission> JudgeAsync(HttpRequest request, CancellationToken cancel)
    {
        if (AccessTokens.Of(request) is not { } presented)
        {
            return FeedAdmission.NoToken;
        }

        if (await tokens.ReadAsync(presented, cancel) is not { } token)
        {
            return FeedAdmission.BadToken;
        }

        return token.TryGetPayloadValue<string>(Claims.Scope, out var scopes) && scopes.Split(' ').Contains(RegistrationRules.FeedScope)
            && token.TryGetPayloadValue<string>(Claims.ClientId, out var client) && client == token.Subject
            ? new FeedAdmission(client, token.ValidTo, null)
            : FeedAdmission.OtherToken;
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
