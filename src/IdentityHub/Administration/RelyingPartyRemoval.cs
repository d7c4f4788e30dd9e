using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Administration;

/// <summary>
/// Takes a relying party out of use, and away. First it is disabled: nothing is issued to it any more, and every session
/// that it takes part in ends, so that it is told. Only then, with nothing of it live, may it be removed.
/// </summary>
internal sealed class RelyingPartyRemoval(HubDb db, MassRevocations many, AuditTrail audit, TimeProvider time)
{
    private const int Batch = 1000;

    /// <summary>
    /// Disables it and begins to end its sessions, in one commit. Also one that configuration declares: it may be an emergency.
    /// Of one that is disabled it ends what is still live, where that was given up before its end.
    /// </summary>
    public Task<PartyChanged> DisableAsync(string clientId, Initiator initiator, CancellationToken cancel) => db.InTransactionAsync<PartyChanged>(async () =>
    {
        // Whoever is being issued something holds the row: it is written before, and ends with the others, or finds the
        // relying party disabled.
        if (await LockAsync(clientId) is not { } party)
        {
            return new(PartyChange.NotFound);
        }

        if (party.DisabledAt is not null)
        {
            if (await EndingAsync(clientId, cancel) is null && await AnyLiveAsync(clientId, cancel))
            {
                await many.StartAsync(new MassScope(ClientId: clientId), initiator, cancel);
            }

            return new(PartyChange.Done);
        }

        await SetAsync(party, time.GetUtcNow());
        var mass = await many.StartAsync(new MassScope(ClientId: clientId), initiator, cancel);
        audit.Add(db, "relying_party_disabled", initiator.Name, details: new { client = clientId, ends = mass.Id });
        await db.SaveChangesAsync(CancellationToken.None);
        return new(PartyChange.Done);
    }, cancel: cancel);

    /// <summary>It may be used again. What has ended stays ended.</summary>
    public Task<PartyChanged> EnableAsync(string clientId, Initiator initiator, CancellationToken cancel) => db.InTransactionAsync<PartyChanged>(async () =>
    {
        if (await LockAsync(clientId) is not { } party)
        {
            return new(PartyChange.NotFound);
        }

        if (party.DisabledAt is not null)
        {
            await SetAsync(party, null);
            audit.Add(db, "relying_party_enabled", initiator.Name, details: new { client = clientId });
            await db.SaveChangesAsync(CancellationToken.None);
        }

        return new(PartyChange.Done);
    }, cancel: cancel);

    /// <summary>Removes what is disabled and whose sessions have ended, with its tokens, grants and permissions. Deliveries that still wait come to nothing.</summary>
    public async Task<PartyChanged> RemoveAsync(string clientId, Initiator initiator, CancellationToken cancel)
    {
        if (await db.Set<RelyingParty>().AsNoTracking().SingleOrDefaultAsync(r => r.ClientId == clientId, cancel) is not { } party)
        {
            return new(PartyChange.NotFound);
        }

        if (await ObstacleAsync(party, cancel) is { } obstacle)
        {
            return obstacle;
        }

        // Most of it in small statements: nothing new is issued to one that is disabled. Any order will do; this one costs none.
        await InBatchesAsync(db.Set<IssuedToken>().Where(t => t.ApplicationId == party.Id).OrderBy(t => t.ApplicationId), cancel);
        await InBatchesAsync(db.Set<Grant>().Where(g => g.ApplicationId == party.Id).OrderBy(g => g.ApplicationId), cancel);
        await InBatchesAsync(db.Set<Consent>().Where(c => c.ClientId == clientId).OrderBy(c => c.ClientId), cancel);
        return await db.InTransactionAsync(async () =>
        {
            // First its row, so that whoever is being issued something waits for the outcome (or has been waited for) and
            // no token can appear between these statements.
            if (await LockAsync(clientId) is not { } locked)
            {
                return new(PartyChange.NotFound);
            }

            if (await ObstacleAsync(locked, CancellationToken.None) is { } meanwhile)
            {
                return meanwhile;
            }

            await db.Set<IssuedToken>().Where(t => t.ApplicationId == locked.Id).ExecuteDeleteAsync(CancellationToken.None);
            await db.Set<Grant>().Where(g => g.ApplicationId == locked.Id).ExecuteDeleteAsync(CancellationToken.None);
            await db.Set<Consent>().Where(c => c.ClientId == clientId).ExecuteDeleteAsync(CancellationToken.None);
            // They are about what was registered here, and would be shown of another one that is given the same client id.
            await db.Set<LogoutProof>().Where(p => p.ClientId == clientId).ExecuteDeleteAsync(CancellationToken.None);
            await db.Set<RelyingParty>().Where(r => r.Id == locked.Id).ExecuteDeleteAsync(CancellationToken.None);
            audit.Add(db, "relying_party_removed", initiator.Name, details: new { client = clientId });
            await db.SaveChangesAsync(CancellationToken.None);
            return new PartyChanged(PartyChange.Done);
        }, cancel: cancel);
    }

    /// <summary>The act that ends its sessions and is still at it; null when none is.</summary>
    public Task<MassRevocation?> EndingAsync(string clientId, CancellationToken cancel) => db.Set<MassRevocation>().AsNoTracking()
        .Where(m => m.ClientId == clientId && (m.State == MassRevocationState.EndingSessions || m.State == MassRevocationState.RevokingGrants))
        .OrderByDescending(m => m.Id).FirstOrDefaultAsync(cancel);

    /// <summary>Whether a session that it takes part in has not ended.</summary>
    public Task<bool> AnyLiveAsync(string clientId, CancellationToken cancel) => MassScope.Sessions(db, time.GetUtcNow(), clientId).AnyAsync(cancel);

    private async Task<PartyChanged?> ObstacleAsync(RelyingParty party, CancellationToken cancel) => party switch
    {
        { DisabledAt: null } => new(PartyChange.NotDisabled),
        // The next start would bring it back.
        { Declared: true } => new(PartyChange.Declared),
        // The act may have been given up: only that nothing is live any more says that everybody is told.
        _ => await EndingAsync(party.ClientId!, cancel) is not null || await AnyLiveAsync(party.ClientId!, cancel) ? new(PartyChange.StillEnding) : null,
    };

    private Task<RelyingParty?> LockAsync(string clientId) => db.Lock<RelyingParty>(RowLock.Remove, "client_id = {0}", clientId).SingleOrDefaultAsync();

    private Task SetAsync(RelyingParty party, DateTimeOffset? disabledAt)
    {
        var version = Guid.CreateVersion7().ToString();
        return db.Set<RelyingParty>().Where(r => r.Id == party.Id)
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.DisabledAt, disabledAt).SetProperty(x => x.ConcurrencyToken, version));
    }

    private static async Task InBatchesAsync<T>(IQueryable<T> rows, CancellationToken cancel) where T : class
    {
        while (await rows.Take(Batch).ExecuteDeleteAsync(cancel) == Batch)
        {
        }
    }
}
