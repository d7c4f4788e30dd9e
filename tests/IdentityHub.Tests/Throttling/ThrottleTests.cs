using System.Diagnostics.Metrics;
using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Throttling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IdentityHub.Tests.Throttling;

public sealed class ThrottleTests(SharedServers servers) : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ThrottlingOptions _options = new();

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task After_the_free_guesses_comes_a_wait_that_doubles(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var guesses = Guesses(database);
        var ada = guesses.OfPassword("ADA", "192.0.2.1", null);

        for (var i = 1; i <= 5; i++)
        {
            var taken = await TakeAsync(database, ada);
            Assert.True(taken.Allowed);
            Assert.Equal(TimeSpan.FromSeconds(i < 5 ? 0 : 10), taken.WaitIfWrong);
        }

        Assert.Equal(TimeSpan.FromSeconds(10), (await TakeAsync(database, ada)).Wait);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(6), (await TakeAsync(database, ada)).Wait);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(TimeSpan.FromSeconds(20), (await TakeAsync(database, ada)).WaitIfWrong);
        Assert.True((await TakeAsync(database, guesses.OfPassword("BOB", "192.0.2.1", null))).Allowed);
        Assert.True((await TakeAsync(database, guesses.OfPassword("ADA", "192.0.2.2", null))).Allowed);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Of_a_hundred_at_once_no_more_are_tried_than_one_after_the_other(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var guesses = Guesses(database);

        // The same account from several places, so that the requests share some rows and not others.
        var taken = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => TakeAsync(database, guesses.OfPassword("ADA", $"192.0.2.{i % 4}", null)))));

        Assert.Equal(20, taken.Count(t => t.Allowed));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Strangers_can_slow_down_strangers_and_nobody_who_is_known(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (guesses, known, session) = (Guesses(database), Guid.CreateVersion7(), Guid.CreateVersion7());
        for (var i = 0; i < _options.Account; i++)
        {
            Assert.True((await TakeAsync(database, guesses.OfPassword("ADA", $"203.0.113.{i}", null))).Allowed);
        }

        Assert.False((await TakeAsync(database, guesses.OfPassword("ADA", "192.0.2.1", null))).Allowed);
        Assert.True((await TakeAsync(database, guesses.OfPassword("ADA", "203.0.113.1", known))).Allowed);
        Assert.True((await TakeAsync(database, guesses.OfPassword(session))).Allowed);
        // And what was slowed down is open again soon after the attack.
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await TakeAsync(database, guesses.OfPassword("ADA", "192.0.2.1", null))).Allowed);
    }

    [Fact]
    public async Task A_place_that_tries_many_accounts_is_slowed_down_for_all_of_them()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        var guesses = Guesses(database);
        for (var i = 0; i < _options.Source; i++)
        {
            Assert.True((await TakeAsync(database, guesses.OfPassword($"PERSON {i}", "192.0.2.1", null))).Allowed);
        }

        var refused = await TakeAsync(database, guesses.OfPassword("SOMEBODY NEW", "192.0.2.1", null));

        Assert.False(refused.Allowed);
        Assert.Equal("source", refused.Against[0].Scope);
        Assert.True((await TakeAsync(database, guesses.OfPassword("SOMEBODY NEW", "192.0.2.2", null))).Allowed);
    }

    [Fact]
    public async Task A_right_answer_wipes_out_what_is_ones_own_and_leaves_what_others_did()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        var ada = Guesses(database).OfPassword("ADA", "192.0.2.1", null);
        await TakeAsync(database, ada);
        await TakeAsync(database, ada);
        var right = await TakeAsync(database, ada);

        await using var db = database.Open();
        await Of(db).RightAsync(right);

        var levels = (await database.ReadAsync(d => d.Set<ThrottledKey>().ToListAsync())).ToDictionary(row => ada.Single(g => g.Key.SequenceEqual(row.Key)).Scope, row => row.Level);
        Assert.Equal(new Dictionary<string, double> { ["password"] = 0, ["account"] = 2, ["source"] = 2 }, levels);
    }

    [Fact]
    public async Task Ten_wrong_second_factors_are_free_wherever_they_come_from()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        var (guesses, ada) = (Guesses(database), Guid.CreateVersion7());
        for (var i = 0; i < 10; i++)
        {
            Assert.True((await TakeAsync(database, guesses.OfSecondFactor(ada, null))).Allowed);
        }

        Assert.Equal(TimeSpan.FromMinutes(1), (await TakeAsync(database, guesses.OfSecondFactor(ada, null))).Wait);
        Assert.True((await TakeAsync(database, guesses.OfSecondFactor(ada, Guid.CreateVersion7()))).Allowed);
    }

    [Fact]
    public async Task What_nobody_remembers_is_removed()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await TakeAsync(database, Guesses(database).OfPassword("ADA", "192.0.2.1", null));
        _time.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        await TakeAsync(database, Guesses(database).OfPassword("BOB", "192.0.2.2", null));
        var services = new ServiceCollection();
        database.AddTo(services);
        await using var provider = services.BuildServiceProvider();

        var forgotten = await new ForgetGuesses(provider.GetRequiredService<IServiceScopeFactory>(), _time, NullLogger<ForgetGuesses>.Instance).ForgetAsync(default);

        Assert.Equal(3, forgotten);
        Assert.Equal(3, await database.ReadAsync(db => db.Set<ThrottledKey>().CountAsync()));
    }

    [Fact]
    public async Task The_table_does_not_tell_whom_somebody_tried()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        var other = await HubDatabase.CreateAsync("Sqlite", servers);
        await using (other)
        {
            Assert.NotEqual(Guesses(database).OfPassword("ADA", "x", null)[1].Key, Guesses(other).OfPassword("ADA", "x", null)[1].Key);
        }
    }

    private async Task<GuessTaken> TakeAsync(HubDatabase database, Guess[] guesses)
    {
        await using var db = database.Open();
        return await Of(db).TakeAsync(guesses);
    }

    private Throttle Of(HubDb db) => new(db, new ThrottleMetrics(_services.GetRequiredService<IMeterFactory>()), _time);

    private Guesses Guesses(HubDatabase database) =>
        new(new InstallationSecret(Options.Create(new KeyOptions()), Options.Create(new HubOptions { DataFolder = database.Folder })), Options.Create(_options));
}
