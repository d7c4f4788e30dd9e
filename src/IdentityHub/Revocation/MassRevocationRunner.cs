using IdentityHub.Data;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.Revocation;

/// <summary>
/// Ends what the open acts on many cover, one chunk after the other and one transaction a chunk: what has ended, who is
/// told of it and how far the act has come are committed together, so that a crash at any instant repeats nothing and
/// leaves nothing out. Each act is worked on by one node at a time, whichever comes first.
/// </summary>
internal sealed partial class MassRevocationRunner(
    IServiceScopeFactory scopes, IOptions<MassRevocationOptions> options, TimeProvider time, ILogger<MassRevocationRunner> log) : BackgroundService
{
    /// <summary>How long the cut-off outlives the end, for a sign-in from before it that was still being written.</summary>
    internal static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var ended = await TryStepAsync();
            var pace = TimeSpan.FromSeconds(ended / (double)options.Value.SessionsPerSecond) - time.GetElapsedTime(started);
            var wait = ended == 0 ? LookEvery : pace;
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> TryStepAsync()
    {
        try
        {
            return await StepAsync();
        }
        catch (Exception problem)
        {
            Log.Failed(log, problem);
            return 0;
        }
    }

    /// <summary>One chunk of each open act.</summary>
    /// <returns>How much was done; 0 when there is nothing to do for now.</returns>
    internal async Task<int> StepAsync()
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var open = await db.Set<MassRevocation>().AsNoTracking()
            .Where(m => m.State == MassRevocationState.EndingSessions || m.State == MassRevocationState.RevokingGrants || m.State == MassRevocationState.Finished)
            .OrderBy(m => m.Id).Select(m => m.Id).ToListAsync();
        var done = 0;
        foreach (var id in open)
        {
            await using var chunk = scopes.CreateAsyncScope();
            done += await StepAsync(chunk.ServiceProvider.GetRequiredService<HubDb>(), chunk.ServiceProvider.GetRequiredService<SessionRevoker>(), id);
        }

        return done;
    }

    private async Task<int> StepAsync(HubDb db, SessionRevoker revoker, Guid id)
    {
        return await db.InTransactionAsync(async () =>
        {
            // Of several nodes one gets the row; the others leave it to that one. Only what it says now counts: another
            // node may have come further since the look above.
            var mass = db is PostgresHubDb
                ? await db.Set<MassRevocation>().FromSql($"SELECT * FROM mass_revocations WHERE id = {id} FOR UPDATE SKIP LOCKED").SingleOrDefaultAsync()
                : await db.Set<MassRevocation>().SingleOrDefaultAsync(m => m.Id == id);
            var done = mass?.State switch
            {
                MassRevocationState.EndingSessions => await EndSessionsAsync(db, revoker, mass),
                MassRevocationState.RevokingGrants => await RevokeGrantsAsync(db, revoker, mass),
                MassRevocationState.Finished when mass.FinishedAt + Afterwards <= time.GetUtcNow() => await CloseAsync(db, revoker, mass),
                _ => 0,
            };
            await db.SaveChangesAsync();
            return done;
        });
    }

    private async Task<int> EndSessionsAsync(HubDb db, SessionRevoker revoker, MassRevocation mass)
    {
        var (user, session) = (mass.CursorUser, mass.CursorSession);
        var chunk = await MassScope.Sessions(db, mass.Before, mass.ClientId)
            .Where(s => s.UserId >= user && (s.UserId > user || s.Id > session))
            .OrderBy(s => s.UserId).ThenBy(s => s.Id)
            .Select(s => new { s.UserId, s.Id })
            .Take(options.Value.Chunk)
            .ToListAsync();
        if (chunk.Count == 0)
        {
            mass.State = MassRevocationState.RevokingGrants;
            return 1;
        }

        Count(mass, await revoker.EndOfManyAsync(mass, chunk.ConvertAll(s => s.Id)));
        (mass.CursorUser, mass.CursorSession) = (chunk[^1].UserId, chunk[^1].Id);
        return chunk.Count;
    }

    private async Task<int> RevokeGrantsAsync(HubDb db, SessionRevoker revoker, MassRevocation mass)
    {
        var after = mass.CursorSubject ?? "";
#pragma warning disable CA1309 // Translated to SQL, which compares in the one way it also orders.
        var subjects = await MassScope.Grants(db, mass.Before, mass.ClientId)
            .Where(g => string.Compare(g.Subject, after) > 0)
            .Select(g => g.Subject!).Distinct().OrderBy(s => s)
            .Take(options.Value.Chunk)
            .ToListAsync();
#pragma warning restore CA1309
        if (subjects.Count == 0)
        {
            (mass.State, mass.FinishedAt) = (MassRevocationState.Finished, time.GetUtcNow());
            Log.Finished(log, mass.Id, mass.Reason, mass.Sessions, mass.Deliveries);
            return 1;
        }

        Count(mass, await revoker.EndGrantsOfManyAsync(mass, subjects.ConvertAll(Guid.Parse)));
        mass.CursorSubject = subjects[^1];
        return subjects.Count;
    }

    // A sign-in that had looked at its clock before the act and wrote its row after the last chunk: it was refused all
    // the while, and ends now. Only when none is left does the cut-off go.
    private async Task<int> CloseAsync(HubDb db, SessionRevoker revoker, MassRevocation mass)
    {
        var late = await MassScope.Sessions(db, mass.Before, mass.ClientId).OrderBy(s => s.Id).Select(s => s.Id).Take(options.Value.Chunk).ToListAsync();
        if (late.Count > 0)
        {
            Count(mass, await revoker.EndOfManyAsync(mass, late));
            return late.Count;
        }

        await db.Set<SessionCutoff>().Where(c => c.Id == mass.Id).ExecuteDeleteAsync();
        mass.State = MassRevocationState.Closed;
        return 1;
    }

    private static void Count(MassRevocation mass, EndedOfMany ended)
    {
        mass.Sessions += ended.Sessions;
        mass.People += ended.People;
        mass.Deliveries += ended.Deliveries;
    }

    private static partial class Log
    {
        [LoggerMessage(4021, LogLevel.Error, "A chunk of an act on many could not be ended; its sessions are refused all the same and the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);

        [LoggerMessage(4022, LogLevel.Information, "Act on many {Id} ({Reason}) is finished: {Sessions} sessions ended, {Deliveries} applications to tell.")]
        public static partial void Finished(ILogger logger, Guid id, RevocationReason reason, long sessions, long deliveries);
    }
}
