using System.Globalization;
using Npgsql;

namespace IdentityHub.Benchmarks;

/// <summary>The processor time that the hub and PostgreSQL have used, from <c>/proc</c>: what a request costs, whoever else is busy.</summary>
internal sealed record Cpu(TimeSpan Hub, TimeSpan Postgres)
{
    private const double TicksPerSecond = 100;

    public static Cpu operator -(Cpu after, Cpu before) => new(after.Hub - before.Hub, after.Postgres - before.Postgres);

    public static Cpu Now(Rig rig) => Now(rig.Hub.Id, rig.Database);

    public static Cpu Now(int hubId, NpgsqlDataSource database)
    {
        // First: it may open the connection whose process is looked for.
        var backend = Backend(database);
        var all = Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => Read($"/proc/{name}/stat"))
            .OfType<Entry>()
            .ToList();
        var hub = all.Single(p => p.Id == hubId);
        var postmaster = all.Single(p => p.Id == backend).Parent;
        // A backend that has ended counts with its parent (cutime), so that nothing is lost when a connection closes.
        return new Cpu(hub.Used, all.Where(p => p.Id == postmaster || p.Parent == postmaster)
            .Aggregate(TimeSpan.Zero, (sum, p) => sum + p.Used + (p.Id == postmaster ? p.UsedByChildren : TimeSpan.Zero)));
    }

    /// <summary>Of one process.</summary>
    public static TimeSpan Of(int processId) => Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"))?.Used ?? throw new InvalidOperationException($"Process {processId} has ended.");

    private static int Backend(NpgsqlDataSource database)
    {
        using var command = database.CreateCommand("SELECT pg_backend_pid()");
        return (int)command.ExecuteScalar()!;
    }

    private static Entry? Read(string file)
    {
        try
        {
            // pid (name) state ppid … utime stime cutime cstime are fields 14 to 17; the name may hold spaces.
            var text = File.ReadAllText(file);
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Entry(
                int.Parse(text[..text.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture),
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                Ticks(fields[11]) + Ticks(fields[12]),
                Ticks(fields[13]) + Ticks(fields[14]));
        }
        catch (IOException)
        {
            // It ended between the list and the look.
            return null;
        }
    }

    private static TimeSpan Ticks(string field) => TimeSpan.FromSeconds(long.Parse(field, CultureInfo.InvariantCulture) / TicksPerSecond);

    private sealed record Entry(int Id, int Parent, TimeSpan Used, TimeSpan UsedByChildren);
}
