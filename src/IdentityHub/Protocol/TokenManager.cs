using System.ComponentModel.DataAnnotations;
using IdentityHub.RelyingParties;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;

namespace IdentityHub.Protocol;

/// <summary>
/// Leaves redemption to the guarded write. The engine would redeem first and issue afterwards, and overlooks a refresh
/// token that it failed to redeem: a revocation between the two, or a second request with the same token, would pass.
/// </summary>
internal sealed class TokenManager(
    IOpenIddictTokenCache<IssuedToken> cache,
    ILogger<OpenIddictTokenManager<IssuedToken>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictTokenStore<IssuedToken> store,
    Issuance issuance)
    : OpenIddictTokenManager<IssuedToken>(cache, logger, options, store)
{
    public override ValueTask<bool> TryRedeemAsync(IssuedToken token, CancellationToken cancellationToken = default)
    {
        issuance.RedeemedTokenId = token.Id;
        return ValueTask.FromResult(true);
    }

    /// <summary>
    /// The engine would ask whether the reference of a new code exists already. It has 256 random bits, and the unique
    /// index would refuse the row: the question is a statement at every sign-in for nothing.
    /// </summary>
    public override IAsyncEnumerable<ValidationResult> ValidateAsync(IssuedToken token, CancellationToken cancellationToken = default) =>
        issuance.Tokens.Contains(token) ? AsyncEnumerable.Empty<ValidationResult>() : base.ValidateAsync(token, cancellationToken);
}
