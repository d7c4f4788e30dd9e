using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace IdentityHub.Client.RevokedTokens;

/// <summary>
/// Stands before the application's own events of the scheme: a token that is worth nothing never reaches them, and they
/// cannot wave it through.
/// </summary>
internal sealed class CheckedEvents(JwtBearerEvents? own, Type? ownType, IServiceProvider services) : JwtBearerEvents
{
    private static readonly object FeedIsBehind = new();
    private readonly JwtBearerEvents _own = own ?? new JwtBearerEvents();

    // At the first request: the options of the check ask for those of the scheme that these events are part of.
    private readonly Lazy<Parts> _parts = new(() => new Parts(
        services.GetRequiredService<RevokedTokens>(),
        services.GetRequiredService<CheckMetrics>(),
        services.GetRequiredService<IOptions<RevokedTokenCheckOptions>>().Value.Authority!.TrimEnd('/')));

    public override Task TokenValidated(TokenValidatedContext context)
    {
        switch (Judge(context))
        {
            case RevokedTokenVerdict.Good:
                return Own(context.HttpContext).TokenValidated(context);
            case RevokedTokenVerdict.Revoked:
                return Refuse(context, "revoked", "The session of the token has ended.");
            case RevokedTokenVerdict.LivesTooLong:
                return Refuse(context, "lives_too_long", $"The token lives longer than AccessTokenLifetime, or has no iat; raise {nameof(RevokedTokenCheckOptions)}.{nameof(RevokedTokenCheckOptions.AccessTokenLifetime)} to what the provider issues.");
            default:
                context.HttpContext.Items[FeedIsBehind] = true;
                return Refuse(context, "feed_behind", "Whether the token is still good cannot be said now.");
        }
    }

    public override Task Challenge(JwtBearerChallengeContext context)
    {
        if (context.HttpContext.Items.ContainsKey(FeedIsBehind))
        {
            // Not 401: the token may be good, and a client that took it for bad would send the person to sign in again.
            context.HandleResponse();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        }

        if (context.AuthenticateFailure is RevokedTokenException refused && string.IsNullOrEmpty(context.ErrorDescription))
        {
            context.ErrorDescription = refused.Message;
        }

        return Own(context.HttpContext).Challenge(context);
    }

    public override Task MessageReceived(MessageReceivedContext context) => Own(context.HttpContext).MessageReceived(context);

    public override Task AuthenticationFailed(AuthenticationFailedContext context) => Own(context.HttpContext).AuthenticationFailed(context);

    public override Task Forbidden(ForbiddenContext context) => Own(context.HttpContext).Forbidden(context);

    private RevokedTokenVerdict Judge(TokenValidatedContext context)
    {
        if (context.SecurityToken is not JsonWebToken token)
        {
            throw new InvalidOperationException("AddRevokedTokenCheck reads tokens as JsonWebToken; leave JwtBearerOptions.UseSecurityTokenValidators off.");
        }

        if (!string.Equals(token.Issuer.TrimEnd('/'), _parts.Value.Issuer, StringComparison.Ordinal))
        {
            return RevokedTokenVerdict.Good;
        }

        token.TryGetPayloadValue<string>("sid", out var sid);
        token.TryGetPayloadValue<string>("sub", out var sub);
        // Without an iat (RFC 9068 §2.2 demands one) nothing can be said of its age: as if it were as old as time.
        var issuedAt = token.TryGetPayloadValue<long>("iat", out var iat) ? iat : 0;
        return _parts.Value.Tokens.Judge(sid, sub, issuedAt, token.TryGetPayloadValue<long>("exp", out var exp) ? exp : long.MaxValue);
    }

    private Task Refuse(TokenValidatedContext context, string why, string description)
    {
        _parts.Value.Metrics.Refused(why);
        context.Fail(new RevokedTokenException(description));
        return Task.CompletedTask;
    }

    private JwtBearerEvents Own(HttpContext context) =>
        ownType is null ? _own : (JwtBearerEvents)context.RequestServices.GetRequiredService(ownType);

    private sealed record Parts(RevokedTokens Tokens, CheckMetrics Metrics, string Issuer);
}

/// <summary>Why a token was refused; the message is for the client.</summary>
internal sealed class RevokedTokenException(string message) : Exception(message);
