using Npgsql;

namespace IdentityHub.Benchmarks;

/// <summary>
/// Commit to confirmation at rest: one session with five relying parties is ended at a time, and each row says when it
/// was made, in the transaction that ended the session, and when its confirmation was written.
/// </summary>
internal static class Latency
{
    private const int Sessions = 60;
    private const int WarmUp = 15;

    public static async Task MeasureAsync(Rig rig, Options options, Report report)
    {
        Console.Error.WriteLine("Commit to confirmation …");
        var name = $"latency-{Guid.CreateVersion7():n}";
        await rig.SignInAsync(name);
        await EndAsync(rig, name, WarmUp);
        var runs = new List<(double P50, double P99)>();
        for (var run = 0; run < options.Runs; run++)
        {
            var from = TimeProvider.System.GetUtcNow();
            await EndAsync(rig, name, Sessions);
            var taken = await TakenAsync(rig.Database, from);
            if (taken.Count != Sessions * rig.RelyingParties.Count)
            {
                throw new InvalidOperationException($"{taken.Count} of {Sessions * rig.RelyingParties.Count} deliveries were confirmed.");
            }

            runs.Add((Percentile(taken, 0.50), Percentile(taken, 0.99)));
        }

        report.Latency(runs);
    }

    private static async Task EndAsync(Rig rig, string name, int sessions)
    {
        for (var i = 0; i < sessions; i++)
        {
            var person = await rig.SignInAgainAsync(name);
            foreach (var party in rig.RelyingParties)
            {
                await person.EnterAsync(party.Settings, "openid");
            }

            await person.EndSessionAsync();
        }
    }

    private static async Task<List<double>> TakenAsync(NpgsqlDataSource database, DateTimeOffset from)
    {
        await using var command = database.CreateCommand(
            "SELECT extract(epoch FROM settled_at - created_at)::float8 * 1000 FROM logout_deliveries WHERE created_at >= $1 AND state = 'Confirmed' ORDER BY 1");
        command.Parameters.AddWithValue(from);
        await using var reader = await command.ExecuteReaderAsync();
        var taken = new List<double>();
        while (await reader.ReadAsync())
        {
            taken.Add(reader.GetDouble(0));
        }

        return taken;
    }

    private static double Percentile(List<double> sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Count) - 1];
}
