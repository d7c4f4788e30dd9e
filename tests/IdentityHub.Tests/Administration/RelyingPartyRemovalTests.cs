using IdentityHub.Access;
using IdentityHub.Admin;
using IdentityHub.Administration;
using IdentityHub.Data;
using IdentityHub.Protocol;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Admin;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static IdentityHub.Tests.Administration.Applications;

namespace IdentityHub.Tests.Administration;

public abstract class RelyingPartyRemovalTests(StartedHub hub)
{
    [Fact]
    public async Task Only_what_is_disabled_and_over_is_removed()
    {
        var registration = New();
        await hub.RegisterAsync(registration);

        Assert.Equal(PartyChange.NotDisabled, (await hub.RemovalAsync(r => r.RemoveAsync(registration.ClientId, Root, Cancel))).Result);
        Assert.Equal(PartyChange.Done, (await hub.RemovalAsync(r => r.DisableAsync(registration.ClientId, Root, Cancel))).Result);
        Assert.Equal(RevocationReason.RelyingPartyRevoked, await hub.DataAsync(db => db.Set<MassRevocation>().Where(m => m.ClientId == registration.ClientId).Select(m => m.Reason).SingleAsync(Cancel)));
        Assert.False(await IssueAsync(registration.ClientId));
        await OverAsync(registration.ClientId);
        Assert.Equal(PartyChange.Done, (await hub.RemovalAsync(r => r.RemoveAsync(registration.ClientId, Root, Cancel))).Result);

        Assert.Null(await hub.ServiceAsync<RelyingPartyList, RelyingPartyState?>(l => l.FindAsync(registration.ClientId, Cancel)));
    }

    [Fact]
    public async Task One_that_is_enabled_again_is_issued_to_again()
    {
        var registration = New();
        await hub.RegisterAsync(registration);
        await hub.RemovalAsync(r => r.DisableAsync(registration.ClientId, Root, Cancel));

        await hub.RemovalAsync(r => r.EnableAsync(registration.ClientId, Root, Cancel));

        Assert.True(await IssueAsync(registration.ClientId));
    }

    [Fact]
    public async Task What_was_left_live_stands_in_the_way_until_it_is_ended_too()
    {
        var registration = New();
        await hub.RegisterAsync(registration);
        await hub.RemovalAsync(r => r.DisableAsync(registration.ClientId, Root, Cancel));
        await OverAsync(registration.ClientId);
        // As after an act that was given up: a session that it takes part in is still there.
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        var now = hub.Clock.GetUtcNow();
        var session = await hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == ada.Id).Select(s => s.Id).SingleAsync(Cancel));
        await hub.DataAsync(db =>
        {
            db.Add(new SessionParticipant { SessionId = session, ClientId = registration.ClientId, FirstSeenAt = now, LastCodeAt = now });
            return db.SaveChangesAsync(Cancel);
        });

        using var root = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var page = RelyingPartyPages.One(registration.ClientId);
        (await root.Browser.GetAsync(page)).Shows("id=\"end-left\"");
        Assert.Equal(PartyChange.StillEnding, (await hub.RemovalAsync(r => r.RemoveAsync(registration.ClientId, Root, Cancel))).Result);
        Assert.Equal(PartyChange.Done, (await hub.RemovalAsync(r => r.DisableAsync(registration.ClientId, Root, Cancel))).Result);
        await OverAsync(registration.ClientId);

        Assert.Equal("/sign-in", (await desk.GetAsync("/")).Location);
        (await root.Browser.GetAsync(page)).Hides("id=\"end-left\"");
        Assert.Equal(PartyChange.Done, (await hub.RemovalAsync(r => r.DisableAsync(registration.ClientId, Root, Cancel))).Result);
        Assert.Equal(2, await hub.DataAsync(db => db.Set<MassRevocation>().CountAsync(m => m.ClientId == registration.ClientId, Cancel)));
        Assert.Equal(PartyChange.Done, (await hub.RemovalAsync(r => r.RemoveAsync(registration.ClientId, Root, Cancel))).Result);
    }

    [Fact]
    public async Task What_was_proved_of_it_is_not_shown_of_another_one_with_its_client_id()
    {
        var registration = New();
        await hub.RegisterAsync(registration);
        await hub.DataAsync(db =>
        {
            db.Add(new LogoutProof { Id = Guid.CreateVersion7(), ClientId = registration.ClientId, At = hub.Clock.GetUtcNow(), Initiator = Root.Name, Outcome = ProofOutcome.Dead, Steps = "[]" });
            return db.SaveChangesAsync(Cancel);
        });

        await hub.RemovalAsync(r => r.DisableAsync(registration.ClientId, Root, Cancel));
        await OverAsync(registration.ClientId);
        Assert.Equal(PartyChange.Done, (await hub.RemovalAsync(r => r.RemoveAsync(registration.ClientId, Root, Cancel))).Result);

        Assert.Null(await hub.ServiceAsync<LogoutProver, LogoutProof?>(p => p.LatestAsync(registration.ClientId, Cancel)));
    }

    // The defect that the lock mends: what is deleted statement by statement meets a token that was written in between.
    [Fact]
    public async Task While_the_row_is_held_for_removal_nothing_is_issued()
    {
        var registration = New();
        await hub.RegisterAsync(registration);
        var id = await IdAsync(registration.ClientId);

        var issuing = await hub.DataAsync(db => db.InTransactionAsync(async () =>
        {
            await db.Lock<RelyingParty>(RowLock.Remove, "client_id = {0}", registration.ClientId).Select(r => r.Id).ToListAsync(Cancel);
            await db.Set<IssuedToken>().Where(t => t.ApplicationId == id).ExecuteDeleteAsync(Cancel);
            var begun = Task.Run(() => WriteAsync(id));
            await Eventually.TrueAsync(async () => begun.IsCompleted || await WaitingAsync(db), TimeSpan.FromSeconds(20), "the issuance to wait for the row");
            await db.Set<RelyingParty>().Where(r => r.Id == id).ExecuteDeleteAsync(Cancel);
            return begun;
        }));

        Assert.Equal(IssuanceResult.Refused, await issuing);
    }

    private protected abstract Task<bool> WaitingAsync(HubDb db);

    private protected async Task OverAsync(string clientId) => await Eventually.TrueAsync(
        async () => await hub.ServiceAsync<RelyingPartyRemoval, MassRevocation?>(r => r.EndingAsync(clientId, Cancel)) is null,
        TimeSpan.FromSeconds(30), $"the end of the sessions of {clientId}");

    private protected Task<string> IdAsync(string clientId) => hub.DataAsync(db => db.Set<RelyingParty>().Where(r => r.ClientId == clientId).Select(r => r.Id!).SingleAsync(Cancel));

    private async Task<bool> IssueAsync(string clientId) => await WriteAsync(await IdAsync(clientId)) is IssuanceResult.Recorded;

    private protected Task<IssuanceResult> WriteAsync(string id) => hub.ServiceAsync<IssuanceWriter, IssuanceResult>(writer =>
    {
        var issuance = new Issuance();
        issuance.Tokens.Add(new IssuedToken
        {
            Id = Guid.CreateVersion7().ToString(),
            ApplicationId = id,
            ConcurrencyToken = Guid.CreateVersion7().ToString(),
            CreationDate = hub.Clock.GetUtcNow().UtcDateTime,
            ExpirationDate = hub.Clock.GetUtcNow().UtcDateTime.AddMinutes(5),
            Status = "valid",
            Type = "access_token",
        });
        return writer.WriteAsync(issuance);
    });
}

public sealed class RelyingPartyRemovalOnSqliteTests(StartedHub hub) : RelyingPartyRemovalTests(hub), IClassFixture<StartedHub>
{
    // Whoever is in a transaction is alone in it: there is nothing to see of who waits, and nobody gets in before.
    private protected override Task<bool> WaitingAsync(HubDb db) => Task.FromResult(true);
}

public sealed class RelyingPartyRemovalOnPostgresTests(StartedHubOnPostgres hub) : RelyingPartyRemovalTests(hub), IClassFixture<StartedHubOnPostgres>
{
    private readonly StartedHubOnPostgres _hub = hub;

    [Fact]
    public async Task Issuing_to_one_that_is_being_removed_is_refused_and_fails_nothing()
    {
        foreach (var _ in Enumerable.Range(0, 3))
        {
            var registration = New();
            await _hub.RegisterAsync(registration);
            var id = await IdAsync(registration.ClientId);
            var begun = new TaskCompletionSource();
            // Until it is refused, which every one of them is once it is disabled.
            var issuers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (await WriteAsync(id) is IssuanceResult.Recorded)
                {
                    begun.TrySetResult();
                }
            })).ToList();
            await begun.Task;

            await _hub.RemovalAsync(r => r.DisableAsync(registration.ClientId, Root, Cancel));
            await Task.WhenAll(issuers);
            await OverAsync(registration.ClientId);
            var changed = await _hub.RemovalAsync(r => r.RemoveAsync(registration.ClientId, Root, Cancel));

            Assert.Equal(PartyChange.Done, changed.Result);
            Assert.Equal(0, await _hub.DataAsync(db => db.Set<IssuedToken>().CountAsync(t => t.ApplicationId == id, Cancel)));
        }
    }

    private protected override async Task<bool> WaitingAsync(HubDb db) => await db.Database
        .SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync(Cancel) > 0;
}
