using System.Globalization;
using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Api;

/// <summary>
/// Stands before every endpoint of the API: an access token with the scope of the capability. Of an application's own
/// token nothing more is asked; behind a person's there must be a live session with a second factor, a role that has the
/// capability, and for an act a recent proof (RFC 9470).
/// </summary>
internal sealed class ApiAccess(AccessTokens tokens, ApiLimits limits, IOptions<AccessOptions> access, TimeProvider time) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var needed = http.GetEndpoint()!.Metadata.GetRequiredMetadata<NeedsCapability>().Capability;
        return await RefusalAsync(http, needed) ?? ApiQuery.Refusal(http) ?? await next(context);
    }

    private async Task<IResult?> RefusalAsync(HttpContext http, Capability needed)
    {
        if (AccessTokens.Of(http.Request) is not { } presented)
        {
            return limits.Refused(http) ?? ApiChallenge.NoToken(http);
        }

        if (await tokens.ReadAsync(presented, http.RequestAborted) is not { } token || !token.TryGetPayloadValue<string>(Claims.ClientId, out var client))
        {
            return limits.Refused(http) ?? ApiChallenge.BadToken(http, "The access token is not one of this hub, has expired or was revoked.");
        }

        if (limits.Client(http, client) is { } tooMany)
        {
            return tooMany;
        }

        if (!token.TryGetPayloadValue<string>(Claims.Scope, out var scope) || scope.Split(' ') is not { } scopes || !scopes.Contains(needed.Scope()))
        {
            return ApiChallenge.NoScope(http, needed, "The access token does not have the scope that this needs.");
        }

        http.Features.Set(ByProgram.Mark);
        if (client == token.Subject)
        {
            http.Features.Set(new ApiCaller(client, null, scopes));
            return null;
        }

        return await OfPersonAsync(http, token, client, scopes, needed);
    }

    private async Task<IResult?> OfPersonAsync(HttpContext http, JsonWebToken token, string client, string[] scopes, Capability needed)
    {
        // A token that outlives its session carries no sid, and administers nothing.
        if (!Guid.TryParse(token.Subject, out var person) || !token.TryGetPayloadValue<string>("sid", out var sid) || !await IsLiveAsync(http, person, sid))
        {
            return ApiChallenge.BadToken(http, "The session of the person is over, or the access token was given for longer than it (offline_access).");
        }

        if (await http.RequestServices.GetRequiredService<Administrators>().RoleOfAsync(person, http.RequestAborted) is not { } role || !role.Has(needed))
        {
            return ApiChallenge.NoScope(http, needed, "The person's role does not allow this.");
        }

        if (!token.TryGetPayloadValue<string[]>(Claims.AuthenticationMethodReference, out var amr) || !Proof.IsMultiFactor(string.Join(' ', amr)))
        {
            return ApiChallenge.Authenticate(http, "The person has to sign in with a second factor.", ("acr_values", AuthenticationContext.Aal2));
        }

        var window = access.Value.RecentAuthentication;
        if (!needed.IsReading()
            && !(token.TryGetPayloadValue<long>(Claims.AuthenticationTime, out var proved) && RecentAuthentication.IsRecent(time.GetUtcNow(), DateTimeOffset.FromUnixTimeSeconds(proved), window)))
        {
            return ApiChallenge.Authenticate(http, "The person has to prove again who they are.", ("max_age", ((int)window.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        }

        http.Features.Set(new ApiCaller(client, person, scopes));
        return null;
    }

    private Task<bool> IsLiveAsync(HttpContext http, Guid person, string sid)
    {
        var db = http.RequestServices.GetRequiredService<HubDb>();
        return db.Live(time.GetUtcNow()).AnyAsync(s => s.Sid == sid && s.UserId == person && s.User!.DisabledAt == null, http.RequestAborted);
    }
}
