using System.Globalization;

namespace IdentityHub.Benchmarks;

/// <summary>What to measure and for how long.</summary>
internal sealed record Options(int Runs, TimeSpan Each, TimeSpan WarmUp, int Connections, long Most, string[] Only)
{
    public const string Usage = """
        usage: dotnet run -c Release --project tests/IdentityHub.Benchmarks [-- --runs N] [--seconds N] [--connections N] [--most N] [--only NAME]...

          --runs N         how often each figure is taken; the median is printed (default 3)
          --seconds N      how long each run lasts, after half of that again to warm up (default 8)
          --connections N  requests at the same time (default 16)
          --most N         live sessions that growth ends with (default 2000000; ten million take 15 GB and half an hour)
          --only NAME      one of latency, sign-in, deliveries, peer, sso, refresh, credentials, introspection, check, growth, administration; may be repeated

        Needs PostgreSQL and RabbitMQ, as infra/test does, but for check alone; peer also Node.js, and npm's registry the first time. Sends traffic to this machine only.
        """;

    public static Options? Parse(string[] args)
    {
        var options = new Options(3, TimeSpan.FromSeconds(8), TimeSpan.Zero, 16, 2_000_000, []);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
            {
                return null;
            }

            var number = int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var n) && n > 0 ? n : 0;
            switch (args[i])
            {
                case "--runs" when number > 0: options = options with { Runs = number }; break;
                case "--seconds" when number > 0: options = options with { Each = TimeSpan.FromSeconds(number) }; break;
                case "--connections" when number > 0: options = options with { Connections = number }; break;
                case "--most" when number > 0: options = options with { Most = number }; break;
                case "--only": options = options with { Only = [.. options.Only, args[i + 1]] }; break;
                default: return null;
            }
        }

        return options with { WarmUp = options.Each / 2 };
    }

    public bool Wants(string name) => Only.Length == 0 || Only.Contains(name);
}
