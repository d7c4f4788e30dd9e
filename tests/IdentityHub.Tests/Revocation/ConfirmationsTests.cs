using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.BackChannelLogout;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.Revocation;

public sealed class ConfirmationsTests(SharedServers servers)
{
    [Fact]
    public async Task What_an_act_ended_is_found_without_reading_all_that_ever_ended()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        await using var db = database.Open();
        await db.Database.ExecuteSqlRawAsync(
            """
            SET session_replication_role = replica;
            INSERT INTO user_sessions (id, sid, cookie_hash, user_id, created_at, authenticated_at, amr, last_seen_at, expires_at, absolute_expires_at,
                idle_timeout, absolute_timeout, remembered, ended_at, revocation_id)
            SELECT gen_random_uuid(), 'sid-' || n, sha256(n::text::bytea), gen_random_uuid(), now(), now(), 'pwd', now(), now(), now(), 1, 1, false, now(),
                lpad(n::text, 32, '0')::uuid
            FROM generate_series(1, 20000) n;
            INSERT INTO session_participants (session_id, client_id, first_seen_at, last_code_at) SELECT id, 'notes', now(), now() FROM user_sessions;
            SET session_replication_role = DEFAULT;
            ANALYZE user_sessions, session_participants
            """);
        await using var transaction = await db.Database.BeginTransactionAsync();
        var before = await ReadAsync(db);

        var confirmations = await new Confirmations(db, new LogoutDeliveries(db, null!, null!, TimeProvider.System), null!, null!)
            .OfAsync(Guid.Parse("00000000-0000-0000-0000-000000000007"));

        Assert.Equal("notes", Assert.Single(confirmations).Application);
        Assert.Equal(before, await ReadAsync(db));
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public async Task Told_or_not_each_application_of_each_session_is_there_once_and_counted(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (situation, act) = (new Situation(database), Guid.CreateVersion7());
        await situation.RelyingPartyAsync("bank", new Uri("http://127.0.0.1:1/logout"));
        await situation.RelyingPartyAsync("mute", null);
        await using var db = database.Open();
        var deliveries = new LogoutDeliveries(db, null!, Options.Create(new BackChannelLogoutOptions()), TimeProvider.System);
        foreach (var state in new[] { DeliveryState.Confirmed, DeliveryState.Confirmed, DeliveryState.Pending })
        {
            var session = (await situation.SessionAsync("bank", "mute")).Id;
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.Set<UserSession>().Where(s => s.Id == session).ExecuteUpdateAsync(s => s.SetProperty(x => x.RevocationId, act));
            await deliveries.PlanAsync(db, new Dictionary<Guid, Guid> { [session] = act }, TimeProvider.System.GetUtcNow(), CancellationToken.None);
            await db.Set<LogoutDelivery>().Where(d => d.SessionId == session).ExecuteUpdateAsync(d => d.SetProperty(x => x.State, state));
            await transaction.CommitAsync();
        }

        var confirmations = new Confirmations(db, deliveries, null!, null!);

        Assert.Equal(
            [("bank", ConfirmationState.Confirmed, 2), ("bank", ConfirmationState.Waiting, 1), ("mute", ConfirmationState.Unreachable, 3)],
            (await confirmations.CountAsync(act)).Select(c => (c.ClientId, c.State, c.Sessions)).Order());
        Assert.Equal(
            [(ConfirmationState.Confirmed, 2), (ConfirmationState.Waiting, 1), (ConfirmationState.Unreachable, 3)],
            (await confirmations.OfAsync(act)).CountBy(c => c.State).Select(c => (c.Key, c.Value)).Order());
    }

    private static Task<long> ReadAsync(HubDb db) =>
        db.Database.SqlQuery<long>($"SELECT pg_stat_get_xact_tuples_returned('user_sessions'::regclass) AS \"Value\"").SingleAsync();
}
