using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using IdentityHub.EndToEnd;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;

namespace IdentityHub.Benchmarks;

/// <summary>People who leave one provider: signed in to every relying party, they confirm the sign-out, so many at a time.</summary>
internal sealed class Departures(Uri provider, Func<int, string> email, string password, Receivers receivers, int connections, Func<Cpu> used, Func<Task> settledAsync)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Signs people in, lets them all leave, and waits until every relying party was told of each.</summary>
    public async Task<Run> MeasureAsync(IReadOnlyList<RelyingPartySettings> parties, int people)
    {
        var leaving = await SignInAsync(parties, 0, people);
        var deliveries = people * parties.Count;
        receivers.Forget();
        var before = used();
        var started = Stopwatch.GetTimestamp();
        await LeaveAsync(leaving);
        await Eventually.TrueAsync(() => receivers.Told == deliveries, Patience, $"{deliveries} logout tokens have arrived", () => $"There are {receivers.Told}.");
        await settledAsync();
        var cpu = used() - before;
        var last = leaving.ConvertAll(person => Stopwatch.GetElapsedTime(person.Asked, receivers.LastOf(person.Key)).TotalMilliseconds);
        var seconds = Stopwatch.GetElapsedTime(started, leaving.Max(person => receivers.LastOf(person.Key))).TotalSeconds;
        return new Run(Waits.Of(last), deliveries / seconds, cpu.Hub.TotalMilliseconds / deliveries, cpu.Postgres.TotalMilliseconds / deliveries);
    }

    /// <summary>How long people wait for the page that says that they are signed out.</summary>
    public async Task<Waits> AnsweredAsync(List<Leaving> people)
    {
        await LeaveAsync(people);
        return Waits.Of(people.ConvertAll(person => Stopwatch.GetElapsedTime(person.Asked, person.Answered).TotalMilliseconds));
    }

    /// <summary>Signs people in to every relying party and leads them to the question whether they want to sign out.</summary>
    public async Task<List<Leaving>> SignInAsync(IReadOnlyList<RelyingPartySettings> parties, int from, int people)
    {
        var ready = new ConcurrentBag<Leaving>();
        await EachAsync(Enumerable.Range(from, people), async n =>
        {
            var driver = new HubDriver(provider);
            Tokens? tokens = null;
            foreach (var party in parties)
            {
                tokens = await driver.EnterAsync(party, "openid", (email(n), password));
            }

            ready.Add(new Leaving(Receivers.Key(tokens!.IdTokenClaims), await driver.AskToEndSessionAsync()));
        });
        return [.. ready];
    }

    private Task LeaveAsync(List<Leaving> people) => EachAsync(people, async person =>
    {
        person.Asked = Stopwatch.GetTimestamp();
        var page = await person.ConfirmAsync();
        person.Answered = Stopwatch.GetTimestamp();
        if (page.Status is not HttpStatusCode.OK)
        {
            throw page.Unexpected("to be signed out");
        }
    });

    private Task EachAsync<T>(IEnumerable<T> all, Func<T, Task> act) =>
        Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = connections }, async (each, _) => await act(each));

    /// <param name="key">By which the session is found in a logout token.</param>
    /// <param name="confirmAsync">Says yes to the provider's question.</param>
    internal sealed class Leaving(string key, Func<Task<Page>> confirmAsync)
    {
        public string Key => key;

        public long Asked { get; set; }

        public long Answered { get; set; }

        public Task<Page> ConfirmAsync() => confirmAsync();
    }

    /// <summary>Over the people, in milliseconds.</summary>
    internal sealed record Waits(double P50, double P99)
    {
        public static Waits Of(List<double> taken)
        {
            taken.Sort();
            return new(At(0.50), At(0.99));

            double At(double share) => taken[(int)Math.Ceiling(share * taken.Count) - 1];
        }
    }

    /// <param name="Last">From the request that confirmed the sign-out to the last relying party's token.</param>
    /// <param name="PerSecond">Tokens, from the first request to the last token.</param>
    /// <param name="HubMilliseconds">Processor time of the provider, for each token.</param>
    /// <param name="PostgresMilliseconds">The same of its database, where it has one.</param>
    internal sealed record Run(Waits Last, double PerSecond, double HubMilliseconds, double PostgresMilliseconds)
    {
        public double CpuMilliseconds => HubMilliseconds + PostgresMilliseconds;
    }
}
