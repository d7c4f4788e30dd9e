using IdentityHub.Data;
using IdentityHub.RelyingParties;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore;

namespace IdentityHub.Protocol;

/// <summary>The engine's view of grants, on the same terms as <see cref="TokenStore"/>.</summary>
internal sealed class GrantStore(
    IMemoryCache cache,
    IOpenIddictEntityFrameworkCoreContext context,
    IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> options,
    HubDb db,
    Issuance issuance,
    TokenStanding standing,
    TimeProvider time)
    : OpenIddictEntityFrameworkCoreAuthorizationStore<Grant, RelyingParty, IssuedToken, string>(cache, context, options)
{
    public override ValueTask<Grant> InstantiateAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new Grant { Id = Guid.CreateVersion7(time.GetUtcNow()).ToString() });

    public override ValueTask CreateAsync(Grant authorization, CancellationToken cancellationToken)
    {
        issuance.Grant = authorization;
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<Grant?> FindByIdAsync(string identifier, CancellationToken cancellationToken)
    {
        if (issuance.Grant?.Id == identifier)
        {
            return issuance.Grant;
        }

        return standing.FindGrant(identifier) ?? await db.Set<Grant>().AsNoTracking().FirstOrDefaultAsync(g => g.Id == identifier, cancellationToken);
    }

    public override ValueTask<string?> GetApplicationIdAsync(Grant authorization, CancellationToken cancellationToken) => new(authorization.ApplicationId);

    public override ValueTask SetApplicationIdAsync(Grant authorization, string? identifier, CancellationToken cancellationToken)
    {
        authorization.ApplicationId = identifier;
        return ValueTask.CompletedTask;
    }
}
