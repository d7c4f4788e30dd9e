using System.Globalization;
using System.Text.RegularExpressions;
using IdentityHub.Tests.Testing;
using Npgsql;

namespace IdentityHub.Benchmarks;

/// <summary>
/// What PostgreSQL does for the hub, as <c>auto_explain</c> writes it down: the plan of each statement with the rows that
/// each step of it touched. Kept whole under <c>artifacts/plans</c>.
/// </summary>
internal static partial class Plans
{
    /// <summary>From now on a connection to this database can be asked for its plans; none is written yet.</summary>
    public static async Task PrepareAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET session_preload_libraries = auto_explain', current_database()); END $$");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The plans of everything that runs while <paramref name="act"/> does.</summary>
    public static async Task<Seen> WatchAsync(PostgresServer server, NpgsqlDataSource database, string name, Func<Task> act)
    {
        var from = (await server.LogAsync()).Length;
        await SetAsync(database, "0");
        string log;
        try
        {
            await act();
        }
        finally
        {
            await SetAsync(database, "-1");
            log = (await server.LogAsync())[from..];
        }

        var folder = Directory.CreateDirectory(Path.Combine(Repository.Artifacts, "plans")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".txt"), log);
        return Read(log);
    }

    internal static Seen Read(string log)
    {
        var plans = Plan().Matches(log).Select(m => m.Value).Where(p => p.Contains("(cost=", StringComparison.Ordinal)).ToList();
        return plans.Count == 0
            ? throw new InvalidOperationException("PostgreSQL has written down no plan: is auto_explain there?")
            : new Seen(
                plans.Count,
                plans.SelectMany(p => Step().Matches(p)).Max(m => Number(m, "rows") * Number(m, "loops")),
                [.. plans.SelectMany(p => Scan().Matches(p)).Select(m => m.Groups["table"].Value).Distinct().Order(StringComparer.Ordinal)]);
    }

    private static double Number(Match match, string name) => double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);

    private static async Task SetAsync(NpgsqlDataSource database, string least)
    {
        await using var connection = await database.OpenConnectionAsync();
        // The library must be there for its settings to be known; every connection hears of them at its next statement.
        foreach (var sql in new[]
        {
            "LOAD 'auto_explain'", "ALTER SYSTEM SET auto_explain.log_analyze = on", "ALTER SYSTEM SET auto_explain.log_buffers = on",
            $"ALTER SYSTEM SET auto_explain.log_min_duration = {least}", "SELECT pg_reload_conf()",
        })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }

        await Eventually.TrueAsync(async () =>
        {
            await using var command = new NpgsqlCommand("SELECT current_setting('auto_explain.log_min_duration')", connection);
            return ((string)(await command.ExecuteScalarAsync())!).StartsWith(least, StringComparison.Ordinal);
        }, TimeSpan.FromSeconds(10), "PostgreSQL has read its settings");
    }

    // An entry of the log and the lines that belong to it, which begin with a tab.
    [GeneratedRegex(@"duration: [\d.]+ ms  plan:\n(?:\t.*\n)+")]
    private static partial Regex Plan();

    [GeneratedRegex(@"\(actual time=\S+ rows=(?<rows>\d+) loops=(?<loops>\d+)\)")]
    private static partial Regex Step();

    [GeneratedRegex(@"Seq Scan on (?<table>\w+)")]
    private static partial Regex Scan();

    /// <param name="Statements">How many plans there were.</param>
    /// <param name="MostRows">The rows of the step that had most.</param>
    /// <param name="Scanned">Tables that were read from their beginning.</param>
    internal sealed record Seen(int Statements, double MostRows, IReadOnlyList<string> Scanned);
}
