using Npgsql;

namespace IdentityHub.Benchmarks;

/// <summary>
/// People who are signed in, by the million: written into the tables as the hub leaves them, two live sessions a person
/// and two applications in each, spread over an hour; and a tenth as many acts of revocation in the past.
/// </summary>
internal static class Crowd
{
    /// <summary>Adds people until there are <paramref name="sessions"/> live sessions of theirs.</summary>
    public static async Task GrowAsync(NpgsqlDataSource database, long sessions, long from)
    {
        await using var connection = await database.OpenConnectionAsync();
        // The rows are sound; looking up every reference would take longer than writing them.
        await RunAsync(connection, "SET session_replication_role = replica");
        await RunAsync(connection,
            $"""
            INSERT INTO users (id, display_name, created_at, user_name, normalized_user_name, email, normalized_email, email_confirmed, security_stamp,
                phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count, synthetic)
            SELECT {Person}, 'Person ' || n, now() - interval '30 days', 'person' || n || '@example.com', 'PERSON' || n || '@EXAMPLE.COM',
                'person' || n || '@example.com', 'PERSON' || n || '@EXAMPLE.COM', true, 'stamp', false, false, false, 0, false
            FROM generate_series($1::bigint / 2 + 1, $2::bigint / 2) n
            """, from, sessions);
        await RunAsync(connection,
            $"""
            INSERT INTO user_words (word, user_id)
            SELECT w, {Person} FROM generate_series($1::bigint / 2 + 1, $2::bigint / 2) n, LATERAL (VALUES ('PERSON'), (n::text), ('PERSON' || n || '@EXAMPLE.COM')) AS words (w)
            """, from, sessions);
        await RunAsync(connection,
            """
            INSERT INTO user_sessions (id, sid, cookie_hash, user_id, created_at, authenticated_at, amr, last_seen_at, expires_at, absolute_expires_at, user_agent, ip_address)
            SELECT gen_random_uuid(), 'crowd-' || s, sha256(s::text::bytea), ('00000000-0000-7000-8000-' || lpad(to_hex((s + 1) / 2), 12, '0'))::uuid,
                at, at, 'pwd', at, now() + interval '1 day', now() + interval '1 day', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', '192.0.2.1'
            FROM (SELECT s, now() - (s % 3600) * interval '1 second' AS at FROM generate_series($1::bigint + 1, $2::bigint) s) AS sessions
            """, from, sessions);
        await RunAsync(connection,
            """
            INSERT INTO session_participants (session_id, client_id, first_seen_at, last_code_at)
            SELECT id, 'party-' || (substr(sid, 7)::bigint + k) % 5, created_at, created_at FROM user_sessions, generate_series(0, 1) k
            WHERE sid LIKE 'crowd-%' AND substr(sid, 7)::bigint > $1 AND substr(sid, 7)::bigint <= $2
            """, from, sessions);
        await RunAsync(connection,
            $"""
            INSERT INTO revocations (id, reason, initiator, user_id, at, sessions, relying_parties)
            SELECT gen_random_uuid(), 'SignedOut', 'user:' || {Person}, {Person}, now() - n * interval '1 second', 1, 2
            FROM generate_series($1::bigint / 10 + 1, $2::bigint / 10) n
            """, from, sessions);
        await RunAsync(connection, "VACUUM ANALYZE");
    }

    /// <summary>What one session takes on disk, with its indexes and its applications.</summary>
    public static async Task<double> BytesPerSessionAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            "SELECT (pg_total_relation_size('user_sessions') + pg_total_relation_size('session_participants'))::float8 / (SELECT count(*) FROM user_sessions)");
        return (double)(await command.ExecuteScalarAsync())!;
    }

    private const string Person = "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";

    private static async Task RunAsync(NpgsqlConnection connection, string sql, params long[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 3600 };
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync();
    }
}
