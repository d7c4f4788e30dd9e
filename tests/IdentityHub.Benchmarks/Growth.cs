using System.Diagnostics;
using System.Globalization;
using IdentityHub.Tests.Testing;

namespace IdentityHub.Benchmarks;

/// <summary>
/// The same few acts of one person among ten thousand live sessions, among one and two million, and with <c>--most</c> among more:
/// what grows with the crowd would have to be a scan. One request at a time.
/// </summary>
internal static class Growth
{
    private const int Rounds = 100;
    private const int WarmUp = 100;
    private static readonly long[] Sizes = [10_000, 1_000_000, 2_000_000];

    /// <summary>From few to many; the last is <c>--most</c>.</summary>
    public static async Task MeasureAsync(Rig rig, Options options, Report report)
    {
        var (before, first) = (0L, (Figures?)null);
        foreach (var size in Sizes.Append(options.Most).Where(s => s <= options.Most).Distinct())
        {
            Tell($"Adding people until there are {size:N0} live sessions …");
            await Crowd.GrowAsync(rig.Database, size, before);
            before = size;
            Tell($"Measuring among {size:N0} live sessions …");
            var name = $"growth-{Guid.CreateVersion7():n}";
            var figures = await AmongAsync(rig, name);
            first ??= figures;
            report.Growth(size, figures, first, await Crowd.BytesPerSessionAsync(rig.Database));
            report.Plans(size, await rig.WatchAsync(string.Create(CultureInfo.InvariantCulture, $"among-{size}"), () => OnceAsync(rig, name)));
            if (options.Wants("administration") && (size == Sizes[^1] || size == options.Most))
            {
                await AdminPages.MeasureAsync(rig, report, size / 2);
            }
        }
    }

    private static void Tell(FormattableString line) => Console.Error.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static async Task<Figures> AmongAsync(Rig rig, string name)
    {
        var ada = await rig.SignInAsync(name);
        await ada.EnterAsync(rig.Party(0), "openid");
        await EndsAsync(rig, name, WarmUp);
        await MedianAsync(() => ada.GetAsync("/account/sessions"), WarmUp);
        // The warm-up has ended every session of the person.
        ada = await rig.SignInAgainAsync(name);
        await ada.EnterAsync(rig.Party(0), "openid");
        var (check, list) = (await MedianAsync(() => ada.AskSilentlyAsync(rig.Party(0)), Rounds), await MedianAsync(() => ada.GetAsync("/account/sessions"), Rounds));
        var signIn = await MedianAsync(() => rig.SignInAgainAsync(name), Rounds);
        var from = TimeProvider.System.GetUtcNow();
        var end = await EndsAsync(rig, name, Rounds);
        return new Figures(check, list, signIn, end, await ConfirmedAsync(rig, from));
    }

    /// <summary>Each act once.</summary>
    private static async Task OnceAsync(Rig rig, string name)
    {
        var from = TimeProvider.System.GetUtcNow();
        var person = await rig.SignInAgainAsync(name);
        await person.EnterAsync(rig.Party(0), "openid");
        await person.AskSilentlyAsync(rig.Party(0));
        await person.GetAsync("/account/sessions");
        await EndsAsync(rig, name, 1);
        await ConfirmedAsync(rig, from);
    }

    /// <summary>A person with two applications ends everything, in a browser that has just signed in.</summary>
    private static async Task<double> EndsAsync(Rig rig, string name, int rounds)
    {
        List<double> taken = [];
        for (var i = 0; i < rounds; i++)
        {
            var person = await rig.SignInAgainAsync(name);
            await person.EnterAsync(rig.Party(0), "openid");
            await person.EnterAsync(rig.Party(1), "openid");
            var page = await person.GetAsync("/account/sessions");
            var form = page.Form("end-all") ?? throw page.Unexpected("the button that ends all");
            var started = Stopwatch.GetTimestamp();
            await person.PressAsync(page, form, "end-all");
            taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Median(taken);
    }

    private static async Task<double> ConfirmedAsync(Rig rig, DateTimeOffset from)
    {
        // The slowest are those that are still on their way; the median is of all.
        await Eventually.TrueAsync(async () =>
        {
            await using var owed = rig.Database.CreateCommand("SELECT EXISTS (SELECT FROM logout_deliveries WHERE created_at >= $1 AND next_attempt_at IS NOT NULL)");
            owed.Parameters.AddWithValue(from);
            return !(bool)(await owed.ExecuteScalarAsync())!;
        }, TimeSpan.FromMinutes(2), "every application has answered");
        await using var command = rig.Database.CreateCommand(
            "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM settled_at - created_at)::float8 * 1000) FROM logout_deliveries WHERE created_at >= $1 AND state = 'Confirmed'");
        command.Parameters.AddWithValue(from);
        return (double)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<double> MedianAsync(Func<Task> act, int rounds)
    {
        List<double> taken = [];
        for (var i = 0; i < rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await act();
            taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Median(taken);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Medians in milliseconds.</summary>
    internal sealed record Figures(double Check, double List, double SignIn, double End, double Confirmed);
}
