using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace IdentityHub.Client.Provider;

/// <summary>
/// The provider's metadata and keys, fetched once for sign-in and for the receiver of logout tokens. An unknown key is
/// looked up at once, while the token waits: ASP.NET Core's own manager fetches in the background and would refuse the
/// first token after a key rotation, and a provider does not repeat a logout token that was answered with 400. Anybody
/// can send tokens with invented keys, so such look-ups are at least <see cref="LookUpInterval"/> apart.
/// Safe for concurrent use; one fetch runs at a time.
/// </summary>
internal sealed partial class ProviderMetadata(
    IHttpClientFactory http, IOptions<IdentityHubOptions> options, TimeProvider time, ILogger<ProviderMetadata> log)
    : BaseConfigurationManager, IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    public const string HttpClientName = "IdentityHub.Client";

    public static readonly TimeSpan LookUpInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetryFirstAfter = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _oneFetch = new(1, 1);
    private volatile Known? _known;
    private volatile Failure? _failure;

    private sealed record Known(OpenIdConnectConfiguration Configuration, DateTimeOffset FetchedAt, DateTimeOffset StaleAt);

    private sealed record Failure(DateTimeOffset At, Exception Cause);

    /// <exception cref="ProviderUnavailableException">Nothing usable was ever fetched, and it cannot be now.</exception>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (Fresh() is { } fresh)
        {
            return fresh;
        }

        await _oneFetch.WaitAsync(cancel);
        try
        {
            return Fresh() ?? await FetchAsync(cancel);
        }
        finally
        {
            _oneFetch.Release();
        }
    }

    public override async Task<BaseConfiguration> GetBaseConfigurationAsync(CancellationToken cancel) =>
        await GetConfigurationAsync(cancel);

    /// <summary>Asks for a look-up before the next use; ignored while the last one is recent.</summary>
    public override void RequestRefresh()
    {
        if (_known is { } known && time.GetUtcNow() - known.FetchedAt >= LookUpInterval)
        {
            _known = known with { StaleAt = DateTimeOffset.MinValue };
        }
    }

    public void Dispose() => _oneFetch.Dispose();

    private OpenIdConnectConfiguration? Fresh() =>
        _known is { } known && time.GetUtcNow() < known.StaleAt ? known.Configuration : null;

    private async Task<OpenIdConnectConfiguration> FetchAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (_known is null && _failure is { } recent && now - recent.At < RetryFirstAfter)
        {
            throw new ProviderUnavailableException(recent.Cause);
        }

        try
        {
            var configuration = await RetrieveAsync(cancel);
            _known = new(configuration, now, now + FreshFor);
            return configuration;
        }
        // Whatever is wrong with the answer, sign-in and logout go on with the keys that were good until now.
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            Log.FetchFailed(log, options.Value.Authority, e);
            if (_known is { } known)
            {
                _known = known with { FetchedAt = now, StaleAt = now + LookUpInterval };
                return known.Configuration;
            }

            _failure = new(now, e);
            throw new ProviderUnavailableException(e);
        }
    }

    private async Task<OpenIdConnectConfiguration> RetrieveAsync(CancellationToken cancel)
    {
        var authority = options.Value.Authority.TrimEnd('/');
        using var client = http.CreateClient(HttpClientName);
        // Options validation lets http through for a loopback host only.
        var documents = new HttpDocumentRetriever(client) { RequireHttps = authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase) };
        var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(
            $"{authority}/.well-known/openid-configuration", documents, cancel);

        // Discovery §4.3: the metadata must name the issuer it was asked for, or one provider could pose as another.
        return configuration.Issuer?.TrimEnd('/') == authority
            ? configuration
            : throw new InvalidOperationException(
                $"The provider's metadata names the issuer '{configuration.Issuer}', but Authority is '{options.Value.Authority}'; set Authority to the provider's issuer.");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The provider's metadata at {Authority} could not be fetched.")]
        public static partial void FetchFailed(ILogger log, string authority, Exception exception);
    }
}
