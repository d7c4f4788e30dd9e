using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace IdentityHub.RelyingParties;

/// <summary>
/// Stores a random client secret as SHA-256: it has nothing to guess, so the thousands of rounds that a password
/// needs would only burn two milliseconds at every token request (ASVS 6.5.2). A short secret keeps the slow hash.
/// </summary>
internal sealed class RelyingPartyManager(
    IOpenIddictApplicationCache<RelyingParty> cache,
    ILogger<OpenIddictApplicationManager<RelyingParty>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<RelyingParty> store)
    : OpenIddictApplicationManager<RelyingParty>(cache, logger, options, store)
{
    private const string Prefix = "sha256:";
    private const int RandomFrom = 32;

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
