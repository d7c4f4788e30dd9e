using System.Globalization;

namespace Demo;

/// <summary>What was asked for on the command line.</summary>
internal sealed record Arguments(int PortBase, bool Json, bool Help)
{
    public const string Usage = """
        Starts the hub and three applications that sign people in through it, Notes, Bank and Tasks, and an API that Tasks calls.

        Usage: dotnet run --project clients/samples/Demo [-- OPTIONS]

          --port-base N   the hub's port; Notes gets N+1, Bank N+2, Tasks N+3, the API N+4 (default 5000)
          --json          print one JSON object once everything is ready, for scripts
          --help          print this
        """;

    /// <summary>The arguments, or what is wrong with them.</summary>
    public static (Arguments? Arguments, string? Problem) Parse(ReadOnlySpan<string> args)
    {
        var parsed = new Arguments(5000, Json: false, Help: false);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h":
                    parsed = parsed with { Help = true };
                    break;
                case "--json":
                    parsed = parsed with { Json = true };
                    break;
                case "--port-base" when i + 1 == args.Length:
                    return (null, "--port-base lacks its number, for example --port-base 6000.");
                case "--port-base":
                    if (!int.TryParse(args[++i], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1024 or > 65531)
                    {
                        return (null, $"--port-base is '{args[i]}'; it must be a number from 1024 to 65531.");
                    }

                    parsed = parsed with { PortBase = port };
                    break;
                default:
                    return (null, $"'{args[i]}' is not known; --help lists the options.");
            }
        }

        return (parsed, null);
    }
}
