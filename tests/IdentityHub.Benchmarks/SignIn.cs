using System.Diagnostics;
using System.Globalization;
using IdentityHub.EndToEnd.Faults;

namespace IdentityHub.Benchmarks;

/// <summary>
/// How long the hub takes to refuse a password, for an address that has an account and for one that has none (ASVS 6.3.8):
/// one request at a time, in turns, so that whatever else the machine does falls on both.
/// </summary>
internal static class SignIn
{
    private const int People = 4;
    private const int Pairs = 60;
    private const int WarmUp = 10;

    public static async Task MeasureAsync(Rig rig, Options options, Report report)
    {
        Console.Error.WriteLine("Sign-in with a wrong password …");
        // As many of each: rows that the throttle writes once and updates afterwards are made on both sides.
        var known = new List<Guesser>();
        var unknown = new List<Guesser>();
        for (var i = 0; i < People; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"known-{i}-{Guid.CreateVersion7():n}");
            await rig.SignInAsync(name);
            known.Add(await Guesser.OpenAsync(rig.Hub.Address, $"{name}@example.com"));
            unknown.Add(await Guesser.OpenAsync(rig.Hub.Address, $"un{name}@example.com"));
        }

        await RunAsync(known, unknown, WarmUp);
        var runs = new List<Run>();
        for (var run = 0; run < options.Runs; run++)
        {
            runs.Add(await RunAsync(known, unknown, Pairs));
        }

        report.SignIn(runs);
    }

    private static async Task<Run> RunAsync(List<Guesser> known, List<Guesser> unknown, int pairs)
    {
        var (ofKnown, ofUnknown) = (new List<double>(), new List<double>());
        for (var pair = 0; pair < pairs; pair++)
        {
            // Who goes first changes: the second may find something warm.
            var first = pair % 2 == 0;
            if (!first)
            {
                ofUnknown.Add(await unknown[pair % People].GuessAsync());
            }

            ofKnown.Add(await known[pair % People].GuessAsync());
            if (first)
            {
                ofUnknown.Add(await unknown[pair % People].GuessAsync());
            }
        }

        // The same people against themselves: what two halves of one and the same work differ by is noise.
        var halves = ofKnown.Index().ToLookup(k => k.Index / 2 % 2, k => k.Item);
        return new(Median(ofKnown), Median(ofUnknown), Median(halves[0]) / Median(halves[1]));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <param name="Known">Median in milliseconds where there is an account.</param>
    /// <param name="Unknown">Median in milliseconds where there is none.</param>
    /// <param name="Noise">The ratio of two halves of the same work.</param>
    internal sealed record Run(double Known, double Unknown, double Noise)
    {
        public double Ratio => Unknown / Known;
    }

    /// <summary>Somebody with the sign-in page open in front of them, who guesses.</summary>
    private sealed record Guesser(HubPages Pages, Page Page, HtmlForm Form, string Email)
    {
        public static async Task<Guesser> OpenAsync(Uri hub, string email)
        {
            var pages = new HubPages(hub, new CookieJar());
            var page = await pages.GetAsync(new Uri(hub, "/sign-in"));
            return new(pages, page, page.Form("sign-in") ?? throw page.Unexpected("the sign-in form"), email);
        }

        public async Task<double> GuessAsync()
        {
            var started = Stopwatch.GetTimestamp();
            var answer = await Pages.PressAsync(Page, Form, "sign-in", ("email", Email), ("password", "not the password"));
            var taken = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            return answer.Status is System.Net.HttpStatusCode.Unauthorized ? taken : throw answer.Unexpected("a refused password");
        }
    }
}
