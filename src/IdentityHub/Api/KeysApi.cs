using IdentityHub.Access;
using IdentityHub.Administration;

namespace IdentityHub.Api;

/// <summary>The signing keys: which there are, and rotating them before their time. Never their private parts.</summary>
internal static class KeysApi
{
    public static void MapKeys(this RouteGroupBuilder api)
    {
        api.MapGet("/keys", ListAsync)
            .Allows(Capability.ReadKeys, "listKeys", "The keys of all algorithms by identifier: active, next, retired.", "cursor", "limit").Answers<ApiPage<ApiKey>>();
        api.MapPost("/keys/rotate", async (HttpContext http, SigningKeys keys) => TypedResults.Ok(new ApiRotated(await keys.RotateAsync(ApiCaller.Of(http).Initiator, CancellationToken.None))))
            .Allows(Capability.RotateKeys, "rotateKeys", "Makes a successor of each key now; it signs once applications had the time to fetch it.").OnceByKey().Answers<ApiRotated>();
    }

    private static async Task<IResult> ListAsync(HttpContext http, SigningKeys keys)
    {
        var parameters = new ApiParameters(http);
        var place = parameters.Place();
        return parameters.Refusal ?? place.Of(http, (await keys.ListAsync(http.RequestAborted)).Select(ApiKey.Of).OrderBy(k => k.Id, StringComparer.Ordinal), k => k.Id);
    }
}

/// <param name="Id">The <c>kid</c>.</param>
/// <param name="Algorithm">What it is for.</param>
/// <param name="State">active, next or retired.</param>
/// <param name="CreatedAt">Since when it is published.</param>
/// <param name="ActiveFrom">Since or from when it signs.</param>
/// <param name="RetiresAt">Until when it is accepted.</param>
public sealed record ApiKey(string Id, string Algorithm, string State, DateTimeOffset CreatedAt, DateTimeOffset ActiveFrom, DateTimeOffset? RetiresAt)
{
    internal static ApiKey Of(ListedKey key) => new(key.Id, key.Algorithm, key.State.ToString().ToLowerInvariant(), key.CreatedAt, key.ActiveFrom, key.RetiresAt);
}

/// <param name="Made">The identifiers of the keys that were made.</param>
public sealed record ApiRotated(IReadOnlyList<string> Made);
