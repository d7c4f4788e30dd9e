using System.Globalization;
using IdentityHub.EndToEnd;
using IdentityHub.Tests.Testing;
using Npgsql;

namespace IdentityHub.Benchmarks;

/// <summary>
/// The hub, on PostgreSQL (fsync on) and RabbitMQ, against another provider, which keeps everything in its memory: people
/// who are signed in to five relying parties sign out on the provider's page. One driver and the same relying parties for
/// both, each with its own defaults, in turns.
/// </summary>
internal static class Peer
{
    private const string Password = "correct horse battery staple";
    private const int People = 400;
    private const int WarmUp = 3;
    private const int Few = 32;
    // BackChannelLogout:BreakAfter.
    private const int InVainUntilKnown = 4;
    private static readonly string[] Algorithms = ["RS256", "ES256"];

    public static async Task MeasureAsync(Options options, Report report)
    {
        Console.Error.WriteLine("Against a peer …");
        await using var receivers = await Receivers.StartAsync();
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        await using var rabbit = await RabbitMqServer.StartAsync();
        using var folder = new TemporaryFolder();
        var connection = await postgres.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connection);
        var parties = Algorithms.ToDictionary(algorithm => algorithm, algorithm => Parties(algorithm, receivers));
        await using var hub = await HubProcess.StartAsync(new HubSettings
        {
            Port = FreePorts.Next(),
            Postgres = connection,
            RabbitMq = await rabbit.CreateVirtualHostAsync(),
            DataFolder = folder.Path,
            RelyingParties = [.. parties.Values.SelectMany(p => p)],
            // Everybody comes from one address.
            More = new Dictionary<string, string?> { ["Throttling__Source"] = "100000" },
        });
        await AddPeopleAsync(hub, database);
        await using var peer = await PeerProcess.StartAsync(hub.Settings.RelyingParties);
        var ours = new Departures(hub.Address, Email, Password, receivers, options.Connections, () => Cpu.Now(hub.Id, database), () => SettledAsync(database));
        var theirs = new Departures(peer.Address, Email, Password, receivers, options.Connections, () => new Cpu(Cpu.Of(peer.Id), TimeSpan.Zero), () => Task.CompletedTask);

        foreach (var algorithm in Algorithms)
        {
            Console.Error.WriteLine($"Against a peer, {algorithm} …");
            var (of, ofPeer) = (new List<Departures.Run>(), new List<Departures.Run>());
            // After the first round the hub's compiler is not done, and it is half as fast as after the third.
            for (var round = 0; round < WarmUp; round++)
            {
                await ours.MeasureAsync(parties[algorithm], People);
                await theirs.MeasureAsync(parties[algorithm], People);
            }

            await AnalyzeAsync(database);
            for (var run = 0; run < options.Runs; run++)
            {
                of.Add(await ours.MeasureAsync(parties[algorithm], People));
                ofPeer.Add(await theirs.MeasureAsync(parties[algorithm], People));
            }

            report.Peer(PeerProcess.Title, algorithm, of, ofPeer);
        }

        Console.Error.WriteLine("Against a peer, one application hangs …");
        List<(Departures.Waits First, Departures.Waits Known, Departures.Waits Peer)> hanging = [];
        for (var run = 0; run < options.Runs; run++)
        {
            hanging.Add(await HangAsync(ours, theirs, parties["RS256"], receivers, database));
        }

        report.PeerHanging(PeerProcess.Title, hanging);
    }

    private static List<RelyingPartySettings> Parties(string algorithm, Receivers receivers) =>
    [
        .. Enumerable.Range(0, Receivers.Count).Select(n => new RelyingPartySettings(string.Create(CultureInfo.InvariantCulture, $"party-{algorithm}-{n}"), new Uri("http://localhost/unused"))
        {
            BackChannelLogoutUri = receivers.Address(n),
            IdTokenSignedResponseAlg = algorithm,
        }),
    ];

    /// <summary>
    /// At the hub twice: as long as it does not know that the application hangs, and when it does. Afterwards the
    /// application answers again, and the hub has told it everything.
    /// </summary>
    private static async Task<(Departures.Waits First, Departures.Waits Known, Departures.Waits Peer)> HangAsync(
        Departures ours, Departures theirs, List<RelyingPartySettings> parties, Receivers receivers, NpgsqlDataSource database)
    {
        var (first, known, peer) = (await ours.SignInAsync(parties, 0, Few), await ours.SignInAsync(parties, Few, Few), await theirs.SignInAsync(parties, 0, Few));
        receivers.Hang();
        var ofPeer = await theirs.AnsweredAsync(peer);
        var atFirst = await ours.AnsweredAsync(first);
        await Eventually.TrueAsync(
            async () => await ScalarAsync<long>(database, "SELECT count(*) FROM logout_deliveries WHERE client_id = $1 AND state = 'Pending' AND attempts > 0", parties[^1].ClientId) >= InVainUntilKnown,
            TimeSpan.FromMinutes(1), "the hub knows that an application hangs");
        var whenKnown = await ours.AnsweredAsync(known);
        receivers.Release();
        await SettledAsync(database);
        return (atFirst, whenKnown, ofPeer);
    }

    private static string Email(int n) => string.Create(CultureInfo.InvariantCulture, $"person-{n}@example.com");

    // The others are copies of the first, with the same password: a process for each would take minutes.
    private static async Task AddPeopleAsync(HubProcess hub, NpgsqlDataSource database)
    {
        await hub.AddPersonAsync(Email(0), "Person", Password);
        await using var command = database.CreateCommand(
            """
            INSERT INTO users
            SELECT (jsonb_populate_record(u, jsonb_build_object('id', gen_random_uuid(),
                'user_name', a.address, 'normalized_user_name', upper(a.address), 'email', a.address, 'normalized_email', upper(a.address)))).*
            FROM users u, unnest($2) AS a (address)
            WHERE u.normalized_email = upper($1)
            """);
        command.Parameters.AddWithValue(Email(0));
        command.Parameters.AddWithValue(Enumerable.Range(1, People - 1).Select(Email).ToArray());
        await command.ExecuteNonQueryAsync();
    }

    // PostgreSQL does so by itself, within a minute of a table's growth: until then it goes by plans for tables that were empty.
    private static async Task AnalyzeAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("ANALYZE");
        await command.ExecuteNonQueryAsync();
    }

    // What was given up or refused would count as speed.
    private static async Task SettledAsync(NpgsqlDataSource database)
    {
        await Eventually.TrueAsync(
            async () => !await ScalarAsync<bool>(database, "SELECT EXISTS (SELECT FROM logout_deliveries WHERE client_id LIKE $1 AND next_attempt_at IS NOT NULL)", "party-%"),
            TimeSpan.FromMinutes(3), "every delivery is settled");
        if (await ScalarAsync<bool>(database, "SELECT EXISTS (SELECT FROM logout_deliveries WHERE client_id LIKE $1 AND state <> 'Confirmed')", "party-%"))
        {
            throw new InvalidOperationException("Not every delivery was confirmed.");
        }
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource database, string sql, string value)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(value);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
