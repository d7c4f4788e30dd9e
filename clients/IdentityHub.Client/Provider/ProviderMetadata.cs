using IdentityHub.Client.Diagnostics;
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
/// can send tokens with invented keys, so such look-ups are at least <see cref="LookUpInterval"/> apart, and nobody whose
/// key is known waits for one. Safe for concurrent use; one fetch runs at a time.
/// </summary>
internal sealed partial class ProviderMetadata(
    IHttpClientFactory http, IOptions<IdentityHubOptions> options, TimeProvider time, ClientMetrics metrics, ILogger<ProviderMetadata> log)
    : BaseConfigurationManager, IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    public const string HttpClientName = "IdentityHub.Client";

    public static readonly TimeSpan LookUpInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetryFirstAfter = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _oneFetch = new(1, 1);
    private readonly LogLimit _failuresLogged = new(time);
    private volatile Known? _known;
    private volatile Failure? _failure;
    private string? _problemsLogged;

    private sealed record Known(OpenIdConnectConfiguration Configuration, DateTimeOffset AskedAt, DateTimeOffset StaleAt, bool LookUpWanted = false);

    private sealed record Failure(DateTimeOffset At, Exception Cause);

    /// <summary>Why the last fetch failed, or null when it did not.</summary>
    public Exception? LastFailure => _failure?.Cause;

    /// <summary>What is known, fetched again when it is an hour old. Never waits for somebody else's look-up.</summary>
    /// <exception cref="ProviderUnavailableException">Nothing usable was ever fetched, and it cannot be now.</exception>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (_known is { } known && (time.GetUtcNow() < known.StaleAt || _oneFetch.CurrentCount == 0))
        {
            return known.Configuration;
        }

        return await FetchOnceAsync(() => _known is { } fetched && time.GetUtcNow() < fetched.StaleAt ? fetched.Configuration : null, cancel);
    }

    /// <summary>What is known after the look-up that <see cref="RequestRefresh"/> asked for, if it may be made.</summary>
    /// <exception cref="ProviderUnavailableException">Nothing usable was ever fetched, and it cannot be now.</exception>
    public async Task<OpenIdConnectConfiguration> GetLookedUpAsync(CancellationToken cancel) =>
        Settled() ?? await FetchOnceAsync(Settled, cancel);

    public override async Task<BaseConfiguration> GetBaseConfigurationAsync(CancellationToken cancel) => await GetLookedUpAsync(cancel);

    /// <summary>Asks for a look-up before the next use; ignored while the last one is recent.</summary>
    public override void RequestRefresh()
    {
        if (_known is { } known && time.GetUtcNow() - known.AskedAt >= LookUpInterval)
        {
            _known = known with { LookUpWanted = true };
        }
    }

    public void Dispose() => _oneFetch.Dispose();

    private OpenIdConnectConfiguration? Settled() =>
        _known is { LookUpWanted: false } known && time.GetUtcNow() < known.StaleAt ? known.Configuration : null;

    private async Task<OpenIdConnectConfiguration> FetchOnceAsync(Func<OpenIdConnectConfiguration?> known, CancellationToken cancel)
    {
        await _oneFetch.WaitAsync(cancel);
        try
        {
            return known() ?? await FetchAsync(cancel);
        }
        finally
        {
            _oneFetch.Release();
        }
    }

    private async Task<OpenIdConnectConfiguration> FetchAsync(CancellationToken cancel)
    {
        if (_known is null && _failure is { } recent && time.GetUtcNow() - recent.At < RetryFirstAfter)
        {
            throw new ProviderUnavailableException(recent.Cause);
        }

        var started = time.GetTimestamp();
        try
        {
            var configuration = await RetrieveAsync(cancel);
            metrics.Fetch(time.GetElapsedTime(started), null);
            TellProblems(configuration);
            var now = time.GetUtcNow();
            _known = new(configuration, now, now + FreshFor);
            _failure = null;
            return configuration;
        }
        // Whatever is wrong with the answer, sign-in and logout go on with the keys that were good until now.
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            metrics.Fetch(time.GetElapsedTime(started), e);
            if (_failuresLogged.Allows(out var leftOut))
            {
                Log.FetchFailed(log, options.Value.Authority, leftOut, e);
            }

            // From the end of the attempt: one that took ten seconds to fail would otherwise be followed by the next at once,
            // for everybody who waits in line.
            var now = time.GetUtcNow();
            _failure = new(now, e);
            if (_known is { } known)
            {
                _known = known with { AskedAt = now, StaleAt = now + LookUpInterval, LookUpWanted = false };
                return known.Configuration;
            }

            throw new ProviderUnavailableException(e);
        }
    }

    private void TellProblems(OpenIdConnectConfiguration configuration)
    {
        var problems = string.Join(' ', ProviderProblems.In(configuration, options.Value).Select(p => p.Text));
        if (problems.Length > 0 && problems != _problemsLogged)
        {
            Log.Problems(log, problems);
        }

        _problemsLogged = problems;
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
        [LoggerMessage(1, LogLevel.Warning, "The provider's metadata at {Authority} could not be fetched ({LeftOut} such lines left out before).")]
        public static partial void FetchFailed(ILogger log, string authority, long leftOut, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "{Problems}")]
        public static partial void Problems(ILogger log, string problems);
    }
}
