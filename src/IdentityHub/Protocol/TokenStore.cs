using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Protocol;

/// <summary>
/// The engine's view of issued tokens. What it creates waits in <see cref="Issuance"/> for the guarded write; what it
/// looks up comes with its grant and the state of its session, in one statement.
/// </summary>
internal sealed class TokenStore(
    IMemoryCache cache,
    IOpenIddictEntityFrameworkCoreContext context,
    IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> options,
    HubDb db,
    Issuance issuance,
    TokenStanding standing,
    TimeProvider time)
    : OpenIddictEntityFrameworkCoreTokenStore<IssuedToken, RelyingParty, Grant, string>(cache, context, options)
{
    public override ValueTask<IssuedToken> InstantiateAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new IssuedToken { Id = Guid.CreateVersion7(time.GetUtcNow()).ToString() });

    public override ValueTask CreateAsync(IssuedToken token, CancellationToken cancellationToken)
    {
        issuance.Tokens.Add(token);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask UpdateAsync(IssuedToken token, CancellationToken cancellationToken)
    {
        // A token that is not written yet is written as it is then.
        if (!issuance.Tokens.Contains(token))
        {
            await base.UpdateAsync(token, cancellationToken);
        }
    }

    public override async ValueTask<IssuedToken?> FindByIdAsync(string identifier, CancellationToken cancellationToken) =>
        issuance.Tokens.Find(t => t.Id == identifier) ?? await FindAsync(db.Set<IssuedToken>().Where(t => t.Id == identifier), cancellationToken);

    public override async ValueTask<IssuedToken?> FindByReferenceIdAsync(string identifier, CancellationToken cancellationToken) =>
        await FindAsync(db.Set<IssuedToken>().Where(t => t.ReferenceId == identifier), cancellationToken);

    private async Task<IssuedToken?> FindAsync(IQueryable<IssuedToken> tokens, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var live = db.Live(now);
        var found = await tokens.AsNoTracking()
            .Select(t => new
            {
                Token = t,
                Grant = t.Authorization,
                Live = t.SessionId == null || live.Any(s => s.Id == t.SessionId),
                CutOff = db.Set<SessionCutoff>().Any(c => c.GrantsBefore >= t.Authorization!.CreationDate && (c.ClientId == null || c.ClientId == t.Application!.ClientId)),
            })
            .FirstOrDefaultAsync(cancel);
        if (found is not null)
        {
            standing.Learn(found.Token, found.Grant, found.Live, found.CutOff);
        }

        return found?.Token;
    }

    /// <summary>
    /// Reuse of a code or a rotated refresh token ends its whole family (RFC 9700 §4.14.2), the grant first: a refresh
    /// in flight holds the grant shared, so it has either been written and is revoked here, or finds the grant gone.
    /// </summary>
    public override async ValueTask<long> RevokeByAuthorizationIdAsync(string identifier, CancellationToken cancellationToken)
    {
        return await db.InTransactionAsync(async () =>
        {
            await db.Set<Grant>().Where(g => g.Id == identifier && g.Status == Statuses.Valid)
                .ExecuteUpdateAsync(g => g.SetProperty(x => x.Status, Statuses.Revoked), CancellationToken.None);
            return await db.Set<IssuedToken>().Where(t => t.AuthorizationId == identifier && t.Status == Statuses.Valid)
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.Status, Statuses.Revoked), CancellationToken.None);
        }, cancel: CancellationToken.None);
    }

    // The identifiers are columns of ours: the navigation properties need not be loaded to know them.
    public override ValueTask<string?> GetApplicationIdAsync(IssuedToken token, CancellationToken cancellationToken) => new(token.ApplicationId);

    public override ValueTask<string?> GetAuthorizationIdAsync(IssuedToken token, CancellationToken cancellationToken) => new(token.AuthorizationId);

    public override ValueTask SetApplicationIdAsync(IssuedToken token, string? identifier, CancellationToken cancellationToken)
    {
        token.ApplicationId = identifier;
        return ValueTask.CompletedTask;
    }

    public override ValueTask SetAuthorizationIdAsync(IssuedToken token, string? identifier, CancellationToken cancellationToken)
    {
        token.AuthorizationId = identifier;
        return ValueTask.CompletedTask;
    }
}
