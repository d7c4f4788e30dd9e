using System.Diagnostics;
using System.Globalization;
using IdentityHub.EndToEnd;
using IdentityHub.Tests.Testing;
using Npgsql;

namespace IdentityHub.Benchmarks;

/// <summary>
/// Deliveries per second end to end, from rows that a transaction has committed to rows that say confirmed, on
/// PostgreSQL (fsync on) and RabbitMQ; beside the bare loop against the same sink, with the same parallelism, in turn.
/// </summary>
internal static class Deliveries
{
    private const int Parties = 5;
    // BackChannelLogout:InFlight as it is by default.
    private const int Parallel = 64;
    private const int Rows = 20_000;

    public static async Task MeasureAsync(Options options, Report report)
    {
        foreach (var algorithm in new[] { "RS256", "ES256" })
        {
            Console.Error.WriteLine($"Deliveries, {algorithm} …");
            var port = FreePorts.Next();
            await using var sink = await Sink.StartAsync(port);
            await using var postgres = await PostgresServer.StartAsync(durable: true);
            await using var rabbit = await RabbitMqServer.StartAsync();
            using var folder = new TemporaryFolder();
            var connection = await postgres.CreateDatabaseAsync();
            await using var database = NpgsqlDataSource.Create(connection);
            await using var hub = await HubProcess.StartAsync(Settings(algorithm, Sink.Address(port), connection, await rabbit.CreateVirtualHostAsync(), folder.Path));
            List<Throughput.Run> ours = [];
            List<double> limit = [];
            // A hub has compiled for good what it does after some sixty thousand, the bare loop after its first second.
            for (var round = 0; round < 3; round++)
            {
                await DrainAsync(hub, database, Rows);
            }

            for (var run = 0; run < options.Runs; run++)
            {
                ours.Add(await DrainAsync(hub, database, Rows));
                limit.Add(await BareLoop.PerSecondAsync(algorithm, Sink.Address(port), Parallel, options.WarmUp / 2, options.Each));
            }

            report.Deliveries(algorithm, ours, limit);
        }
    }

    private static HubSettings Settings(string algorithm, Uri sink, string connection, Uri rabbit, string folder) => new()
    {
        Port = FreePorts.Next(),
        Postgres = connection,
        RabbitMq = rabbit,
        DataFolder = folder,
        RelyingParties = [.. Enumerable.Range(0, Parties).Select(n => new RelyingPartySettings(string.Create(CultureInfo.InvariantCulture, $"party-{n}"), new Uri("http://localhost/unused"))
        {
            BackChannelLogoutUri = sink,
            IdTokenSignedResponseAlg = algorithm,
        })],
        More = new Dictionary<string, string?> { ["BackChannelLogout__InFlight"] = $"{Parallel}", ["BackChannelLogout__PerRelyingParty"] = $"{Parallel}" },
    };

    /// <summary>From the 5th to the 95th hundredth of the confirmations, so that neither waking up nor running dry counts.</summary>
    private static async Task<Throughput.Run> DrainAsync(HubProcess hub, NpgsqlDataSource database, int rows)
    {
        var before = Cpu.Now(hub.Id, database);
        var started = Stopwatch.GetTimestamp();
        var act = Guid.CreateVersion7();
        // The identifiers as the hub makes them, version 7: new rows lie together in every index.
        await ExecuteAsync(database,
            """
            WITH ids AS (SELECT n, lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' AS prefix FROM generate_series(1, $2) n)
            INSERT INTO logout_deliveries (id, revocation_id, session_id, client_id, sid, subject, created_at, state, next_attempt_at, give_up_at, attempts)
            SELECT (prefix || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid, $1, (prefix || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid, 'party-' || n % 5, replace(gen_random_uuid()::text, '-', ''), $1::text, now(), 'Pending', now(), now() + interval '1 hour', 0
            FROM ids
            """, act, rows);
        // The last hundred, by their keys: a look at all of them takes a tenth of a second, in which PostgreSQL forgets nothing,
        // and every claim wades through what is settled.
        var last = await ScalarAsync<Guid[]>(database, "SELECT array_agg(id) FROM (SELECT id FROM logout_deliveries WHERE revocation_id = $1 ORDER BY ctid DESC LIMIT 100) AS last", act);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await look.WaitForNextTickAsync()
            && (await ScalarAsync<bool>(database, "SELECT EXISTS (SELECT FROM logout_deliveries WHERE id = ANY ($1) AND next_attempt_at IS NOT NULL)", last)
                || await ScalarAsync<bool>(database, "SELECT EXISTS (SELECT FROM logout_deliveries WHERE revocation_id = $1 AND next_attempt_at IS NOT NULL)", act)))
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(5))
            {
                throw new TimeoutException("Not every delivery was settled within five minutes.");
            }
        }

        var used = Cpu.Now(hub.Id, database) - before;
        // What was given up or refused is not delivered: it would count as speed.
        var confirmed = await ScalarAsync<long>(database, "SELECT count(*) FROM logout_deliveries WHERE revocation_id = $1 AND state = 'Confirmed'", act);
        if (confirmed != rows)
        {
            throw new InvalidOperationException($"{confirmed} of {rows} deliveries were confirmed.");
        }

        var perSecond = await ScalarAsync<double>(database,
            """
            SELECT 0.9 * count(*) / extract(epoch FROM percentile_disc(0.95) WITHIN GROUP (ORDER BY settled_at) - percentile_disc(0.05) WITHIN GROUP (ORDER BY settled_at))::float8
            FROM logout_deliveries WHERE revocation_id = $1 AND state = 'Confirmed'
            """, act);
        return new(perSecond, used.Hub.TotalMilliseconds / rows, used.Postgres.TotalMilliseconds / rows);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = Command(database, sql, values);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = Command(database, sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static NpgsqlCommand Command(NpgsqlDataSource database, string sql, object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return command;
    }
}
