using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.RelyingParties;

/// <summary>
/// Stores a random client secret as SHA-256: it has nothing to guess, so the thousands of rounds that a password
/// needs would only burn two milliseconds at every token request (ASVS 6.5.2). A short secret keeps the slow hash.
/// </summary>
internal sealed class RelyingPartyManager(
    IOpenIddictApplicationCache<RelyingParty> cache,
    ILogger<OpenIddictApplicationManager<RelyingParty>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<RelyingParty> store,
    TimeProvider time)
    : OpenIddictApplicationManager<RelyingParty>(cache, logger, options, store)
{
    private const string Prefix = "sha256:";
    private const int RandomFrom = 32;

    /// <summary>The secret, or the one before it as long as that was to overlap.</summary>
    public override async ValueTask<bool> ValidateClientSecretAsync(RelyingParty application, string secret, CancellationToken cancellationToken = default) =>
        await base.ValidateClientSecretAsync(application, secret, cancellationToken)
        || (application is { PreviousSecret: { } previous, PreviousSecretUntil: { } until } && time.GetUtcNow() < until
            && await ValidateClientSecretAsync(secret, previous, cancellationToken));

    /// <summary>One that is disabled is signed in to and issued to no more; what it wants to have ended or refused it may still say.</summary>
    public override async ValueTask<bool> HasPermissionAsync(RelyingParty application, string permission, CancellationToken cancellationToken = default) =>
        !(application.DisabledAt is not null && (permission is Permissions.Endpoints.Authorization or Permissions.Endpoints.Token))
        && await base.HasPermissionAsync(application, permission, cancellationToken);

    protected override ValueTask<string> ObfuscateClientSecretAsync(string secret, CancellationToken cancellationToken = default) =>
        secret.Length >= RandomFrom
            ? ValueTask.FromResult(Prefix + Convert.ToBase64String(Hash(secret)))
            : base.ObfuscateClientSecretAsync(secret, cancellationToken);

    protected override ValueTask<bool> ValidateClientSecretAsync(string secret, string comparand, CancellationToken cancellationToken = default) =>
        comparand.StartsWith(Prefix, StringComparison.Ordinal)
            ? ValueTask.FromResult(CryptographicOperations.FixedTimeEquals(Hash(secret), Convert.FromBase64String(comparand[Prefix.Length..])))
            : base.ValidateClientSecretAsync(secret, comparand, cancellationToken);

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
