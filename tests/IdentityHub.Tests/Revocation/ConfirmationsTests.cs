using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
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

    private static Task<long> ReadAsync(HubDb db) =>
        db.Database.SqlQuery<long>($"SELECT pg_stat_get_xact_tuples_returned('user_sessions'::regclass) AS \"Value\"").SingleAsync();
}
