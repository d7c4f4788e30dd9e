using System.Globalization;
using System.Threading.RateLimiting;
using IdentityHub.Throttling;
using Microsoft.Extensions.Options;

namespace IdentityHub.Api;

/// <summary>How often who may ask. A bucket that fills evenly, so that a burst is taken and a flood is not.</summary>
internal sealed class ApiLimits : IDisposable
{
    private readonly PartitionedRateLimiter<string> _clients;
    private readonly PartitionedRateLimiter<string> _lookUps;
    private readonly PartitionedRateLimiter<string> _refused;

    public ApiLimits(IOptions<ApiOptions> options)
    {
        _clients = PerMinute(options.Value.RequestsPerMinute);
        _lookUps = PerMinute(options.Value.LookUpsPerMinute);
        _refused = PerMinute(options.Value.RefusedPerMinute);
    }

    /// <summary>Null when the client may go on.</summary>
    public IResult? Client(HttpContext http, string clientId) => Take(_clients, http, clientId);

    /// <summary>The same, for asking by the name of a person.</summary>
    public IResult? LookUp(HttpContext http, string clientId) => Take(_lookUps, http, clientId);

    /// <summary>The same, for whoever has no good token.</summary>
    public IResult? Refused(HttpContext http) => Take(_refused, http, SourceAddress.Of(http.Connection.RemoteIpAddress));

    private static PartitionedRateLimiter<string> PerMinute(int permits) => PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = permits,
        TokensPerPeriod = Math.Max(1, permits / 60),
        ReplenishmentPeriod = TimeSpan.FromSeconds(60.0 * Math.Max(1, permits / 60) / permits),
        QueueLimit = 0,
    }));

    private static IResult? Take(PartitionedRateLimiter<string> limiter, HttpContext http, string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        if (lease.IsAcquired)
        {
            return null;
        }

        var after = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
        http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return ApiProblem.Of(StatusCodes.Status429TooManyRequests, "Too many requests", "Wait as long as Retry-After says, then ask again.");
    }

    public void Dispose()
    {
        _clients.Dispose();
        _lookUps.Dispose();
        _refused.Dispose();
    }
}
