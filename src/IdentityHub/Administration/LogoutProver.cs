using System.Text.Json;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.Administration;

/// <summary>
/// Proves that a session dies at an application, and not only that it says so: signs the synthetic person in there, ends
/// the session, and looks whether the page still answers as it did. What it finds is kept.
/// </summary>
internal sealed class LogoutProver(
    HubDb db, RelyingPartyRegistry registry, SyntheticPerson person, SessionOpener opener, SessionRevoker revoker, LogoutDeliveries deliveries, SessionCookie cookie,
    AddressRule addresses, IHostEnvironment environment, IOptions<HubOptions> hub, AuditTrail audit, TimeProvider time)
{
    /// <summary>A trial takes this long at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // The session dies by itself soon after a trial that was cut off.
    private static readonly TimeSpan SessionLife = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    // An application may answer first and end its session a moment later.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Tries it. Null when there is no such application, or it has no page to try it at.</summary>
    /// <param name="clientId">The application.</param>
    /// <param name="initiator">Who asked.</param>
    /// <param name="cancel">Gives up; the session is ended all the same.</param>
    public async Task<LogoutProof?> ProveAsync(string clientId, Initiator initiator, CancellationToken cancel)
    {
        if (await db.Set<RelyingParty>().AsNoTracking().SingleOrDefaultAsync(r => r.ClientId == clientId, cancel) is not { TestUri: { } page } party)
        {
            return null;
        }

        var trial = new Trial(time, time.GetTimestamp());
        using var bound = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancel);
        var user = await person.FindOrMakeAsync(cancel);
        await person.AllowAsync(await registry.ReadAsync(party, cancel), cancel);
        var (session, value) = await opener.OpenSyntheticAsync(user, SessionLife);
        var ended = Ended.Nothing;
        try
        {
            using var browser = new ProofBrowser(new(hub.Value, clientId, $"{cookie.Name}={value}", addresses, environment.IsDevelopment()), addresses, time);
            trial.Outcome = await TryAsync(new Uri(page), browser, trial, async () => ended = await EndAsync(session.Id, initiator), either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            trial.Outcome = trial.Steps.Exists(s => s.Kind is ProofStepKind.Ended) ? ProofOutcome.Unclear : ProofOutcome.CouldNotSignIn;
            trial.Add(trial.Next, ProofSight.NoAnswer, detail: $"no answer within {Longest.TotalSeconds:0} s in all");
        }
        finally
        {
            // Whatever happened: nobody is left signed in.
            ended = ended == Ended.Nothing ? await EndAsync(session.Id, initiator) : ended;
            await person.ForgetAsync(clientId);
        }

        return await KeepAsync(clientId, initiator, trial, ended);
    }

    /// <summary>The latest trial of an application; null when there was none.</summary>
    public Task<LogoutProof?> LatestAsync(string clientId, CancellationToken cancel) =>
        db.Set<LogoutProof>().AsNoTracking().Where(p => p.ClientId == clientId).OrderByDescending(p => p.Id).FirstOrDefaultAsync(cancel);

    public Task<LogoutProof?> FindAsync(Guid id, CancellationToken cancel) => db.Set<LogoutProof>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel);

    private async Task<ProofOutcome> TryAsync(Uri page, ProofBrowser browser, Trial trial, Func<Task<Ended>> end, CancellationToken cancel)
    {
        if (trial.Add(ProofStepKind.Opened, await browser.OpenAsync(page, throughHub: false, cancel)).Seen is not ProofSight.SentToHub)
        {
            return ProofOutcome.CouldNotSignIn;
        }

        if (trial.Add(ProofStepKind.SignedIn, await browser.OpenAsync(page, throughHub: true, cancel)) is not { Seen: ProofSight.Page, AskedHub: true })
        {
            return ProofOutcome.CouldNotSignIn;
        }

        // The application's own cookies and nothing else: what is seen now is a session of its own.
        var alive = trial.Add(ProofStepKind.ShownSignedIn, await browser.OpenAsync(page, throughHub: false, cancel));
        if (alive.Seen is not ProofSight.Page)
        {
            return ProofOutcome.CouldNotSignIn;
        }

        var ended = await end();
        trial.Add(ProofStepKind.Ended, ProofSight.Done);
        await HearAsync(ended, trial, cancel);
        return await LookAsync(page, browser, alive, trial, cancel);
    }

    private Task<Ended> EndAsync(Guid sessionId, Initiator initiator) =>
        revoker.EndSessionAsync(sessionId, RevocationReason.SessionRevokedByAdministrator, initiator);

    private async Task HearAsync(Ended ended, Trial trial, CancellationToken cancel)
    {
        if (ended.RelyingParties == 0)
        {
            trial.Add(ProofStepKind.Told, ProofSight.Untold);
            return;
        }

        await deliveries.WaitForFirstAttemptsAsync(ended.RevocationId, ended.RelyingParties, AnswerWithin, cancel);
        var told = (await deliveries.OfRevocationAsync(ended.RevocationId))[0];
        trial.Add(ProofStepKind.Told, told.State switch
        {
            DeliveryState.Confirmed => ProofSight.Confirmed,
            DeliveryState.Pending => ProofSight.Waiting,
            _ => ProofSight.Rejected,
        }, detail: told.LastOutcome);
    }

    private async Task<ProofOutcome> LookAsync(Uri page, ProofBrowser browser, ProofVisit alive, Trial trial, CancellationToken cancel)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var now = await browser.OpenAsync(page, throughHub: false, cancel);
            // A page of its own for who is signed out is another page.
            var same = now.Seen is ProofSight.Page && now.Address.AbsolutePath == alive.Address.AbsolutePath;
            if (same && time.GetElapsedTime(since) < Grace)
            {
                await Task.Delay(Pause, time, cancel);
                continue;
            }

            trial.Add(ProofStepKind.OpenedAgain, now);
            return now.Seen switch
            {
                ProofSight.Page => same ? ProofOutcome.StillAlive : ProofOutcome.Dead,
                ProofSight.SentToHub or ProofSight.Refused => ProofOutcome.Dead,
                _ => ProofOutcome.Unclear,
            };
        }
    }

    private async Task<LogoutProof> KeepAsync(string clientId, Initiator initiator, Trial trial, Ended ended)
    {
        var now = time.GetUtcNow();
        var proof = new LogoutProof
        {
            Id = Guid.CreateVersion7(now),
            ClientId = clientId,
            At = now,
            Initiator = initiator.Name,
            Outcome = trial.Outcome,
            Steps = JsonSerializer.Serialize(trial.Steps, JsonSerializerOptions.Web),
            RevocationId = ended == Ended.Nothing ? null : ended.RevocationId,
        };
        await db.InTransactionAsync(async () =>
        {
            db.Add(proof);
            audit.Add(db, "logout_proved", initiator.Name, details: new { client = clientId, proof = proof.Id, outcome = proof.Outcome.ToString() });
            await db.SaveChangesAsync();
            var old = await db.Set<LogoutProof>().Where(p => p.ClientId == clientId).OrderByDescending(p => p.Id).Skip(LogoutProof.Kept).Select(p => p.Id).ToListAsync();
            return await db.Set<LogoutProof>().Where(p => old.Contains(p.Id)).ExecuteDeleteAsync();
        });
        return proof;
    }

    /// <summary>What has been done so far.</summary>
    private sealed class Trial(TimeProvider time, long started)
    {
        public List<ProofStep> Steps { get; } = [];

        public ProofOutcome Outcome { get; set; } = ProofOutcome.CouldNotSignIn;

        /// <summary>What was being done when it was cut off.</summary>
        public ProofStepKind Next => Steps.Count == 0 ? ProofStepKind.Opened : (ProofStepKind)Math.Min((int)ProofStepKind.OpenedAgain, (int)Steps[^1].Kind + 1);

        public ProofVisit Add(ProofStepKind kind, ProofVisit visit)
        {
            // What an address carries behind the question mark is a code, or a state, and nobody's to read.
            Steps.Add(new(kind, visit.Seen, Elapsed, visit.Address.GetLeftPart(UriPartial.Path), visit.Status, visit.Detail));
            return visit;
        }

        public void Add(ProofStepKind kind, ProofSight seen, string? detail = null) => Steps.Add(new(kind, seen, Elapsed, Detail: detail));

        private long Elapsed => (long)time.GetElapsedTime(started).TotalMilliseconds;
    }
}
