using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.Revocation;

/// <summary>
/// Ends the sessions of many: everyone's, all from before an instant, or all in which one relying party took part. To
/// start it is one small transaction, after which every node refuses them; <see cref="MassRevocationRunner"/> ends the
/// rows and has the applications told.
/// </summary>
internal sealed class MassRevocations(HubDb db, AuditTrail audit, IOptions<MassRevocationOptions> options, TimeProvider time)
{
    /// <summary>Counts what would end. Reads every live session once: seconds for millions.</summary>
    /// <exception cref="ArgumentException">The scope names a relying party that is not registered, or lies in the future.</exception>
    public async Task<MassPreview> PreviewAsync(MassScope scope, CancellationToken cancel)
    {
        var before = await CheckAsync(scope, cancel);
        var sessions = MassScope.Sessions(db, before, scope.ClientId);
        var (count, people) = (await sessions.LongCountAsync(cancel), await sessions.Select(s => s.UserId).Distinct().LongCountAsync(cancel));
        var parts = await (
            from s in sessions
            join p in db.Set<SessionParticipant>() on s.Id equals p.SessionId
            group p by p.ClientId into byClient
            select new { ClientId = byClient.Key, Count = byClient.LongCount() }).ToListAsync(cancel);
        var parties = await db.Set<RelyingParty>().Where(r => r.BackChannelLogoutUri != null).Select(r => new { r.ClientId, r.DisplayName }).ToDictionaryAsync(r => r.ClientId!, cancel);
        return new MassPreview(
            count,
            people,
            [.. parts.Where(p => parties.ContainsKey(p.ClientId)).OrderByDescending(p => p.Count).ThenBy(p => p.ClientId, StringComparer.Ordinal)
                .Select(p => new MassPreviewApplication(p.ClientId, parties[p.ClientId].DisplayName ?? p.ClientId, p.Count))],
            parts.Where(p => !parties.ContainsKey(p.ClientId)).Sum(p => p.Count),
            TimeSpan.FromSeconds(Math.Ceiling(count / (double)options.Value.SessionsPerSecond)));
    }

    /// <summary>Refuses everybody in the scope from the commit on, and leaves the rest to the runner of any node.</summary>
    /// <exception cref="ArgumentException">As with <see cref="PreviewAsync"/>.</exception>
    public async Task<MassRevocation> StartAsync(MassScope scope, Initiator initiator, CancellationToken cancel)
    {
        var before = await CheckAsync(scope, cancel);
        var now = time.GetUtcNow();
        var mass = new MassRevocation
        {
            Id = Guid.CreateVersion7(now),
            Reason = scope.Reason,
            Before = before,
            ClientId = scope.ClientId,
            Initiator = initiator.Name,
            StartedAt = now,
            Expected = await MassScope.Sessions(db, before, scope.ClientId).LongCountAsync(cancel),
        };
        db.Add(mass);
        db.Add(new SessionCutoff { Id = mass.Id, Before = before, GrantsBefore = before.UtcDateTime, ClientId = scope.ClientId });
        audit.Add(db, "mass_revocation_started", initiator.Name, details: new { id = mass.Id, reason = mass.Reason.Wire(), before, clientId = scope.ClientId, expected = mass.Expected });
        // Not the caller's to cancel: from here on it is done or not done.
        await db.SaveChangesAsync(CancellationToken.None);
        return mass;
    }

    /// <summary>
    /// Gives up what is not ended yet: those sessions are accepted again. What has ended stays ended (I2). False when
    /// there was nothing left to give up.
    /// </summary>
    public Task<bool> CancelAsync(Guid id, Initiator initiator) => db.InTransactionAsync(async () =>
    {
        var now = time.GetUtcNow();
        // Waits for a chunk that is being ended, and none begins after it.
        var cancelled = await db.Set<MassRevocation>()
            .Where(m => m.Id == id && (m.State == MassRevocationState.EndingSessions || m.State == MassRevocationState.RevokingGrants))
            .ExecuteUpdateAsync(m => m.SetProperty(x => x.State, MassRevocationState.Cancelled).SetProperty(x => x.FinishedAt, now)) == 1;
        if (cancelled)
        {
            await db.Set<SessionCutoff>().Where(c => c.Id == id).ExecuteDeleteAsync();
            audit.Add(db, "mass_revocation_cancelled", initiator.Name, details: new { id });
            await db.SaveChangesAsync();
        }

        return cancelled;
    });

    public Task<MassRevocation?> FindAsync(Guid id, CancellationToken cancel) =>
        db.Set<MassRevocation>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, cancel);

    /// <summary>One page, the latest first.</summary>
    /// <param name="before">The last act of the page before; null for the latest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<MassRevocationPage> PageAsync(Guid? before, int limit, CancellationToken cancel)
    {
        var rows = await db.Set<MassRevocation>().AsNoTracking().Where(m => before == null || m.Id < before).OrderByDescending(m => m.Id).Take(limit + 1).ToListAsync(cancel);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Id : null);
    }

    /// <summary>How long it will still take, by the pace so far; null when that cannot be said.</summary>
    public TimeSpan? Remaining(MassRevocation mass)
    {
        var elapsed = time.GetUtcNow() - mass.StartedAt;
        return mass.State is not MassRevocationState.EndingSessions || mass.Sessions == 0 || elapsed <= TimeSpan.Zero
            ? null
            : elapsed * (Math.Max(0, mass.Expected - mass.Sessions) / (double)mass.Sessions);
    }

    private async Task<DateTimeOffset> CheckAsync(MassScope scope, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (scope.Before > now)
        {
            throw new ArgumentException($"The instant {scope.Before:O} lies in the future; sessions that do not exist yet cannot be ended.", nameof(scope));
        }

        if (scope.ClientId is { } client && !await db.Set<RelyingParty>().AnyAsync(r => r.ClientId == client, cancel))
        {
            throw new ArgumentException($"No application is registered as '{client}'.", nameof(scope));
        }

        return WholeMicroseconds(scope.Before ?? now);
    }

    // The databases keep microseconds, cut off; what began within this one is meant as well.
    private static DateTimeOffset WholeMicroseconds(DateTimeOffset instant) =>
        instant.AddTicks((TimeSpan.TicksPerMicrosecond - (instant.Ticks % TimeSpan.TicksPerMicrosecond)) % TimeSpan.TicksPerMicrosecond);
}

/// <param name="Acts">Of this page.</param>
/// <param name="Next">The cursor of the next page, null on the last.</param>
internal sealed record MassRevocationPage(IReadOnlyList<MassRevocation> Acts, Guid? Next);
