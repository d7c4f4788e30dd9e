using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd;

public sealed class HubProcessTests(SharedServers servers)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Two_nodes_on_PostgreSQL_and_RabbitMQ_are_one_hub()
    {
        using var folder = new TemporaryFolder();
        await using var notes = await RelyingPartyStub.StartAsync("notes");
        var settings = new HubSettings
        {
            Port = FreePorts.Next(),
            DataFolder = folder.Path,
            Postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync(),
            RabbitMq = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(),
            RelyingParties = [notes.Settings],
        };
        await using var first = await HubProcess.StartAsync(settings);
        await using var second = await HubProcess.StartAsync(settings with { Port = FreePorts.Next(), Issuer = first.Address });
        await first.AddPersonAsync("ada@example.com", "Ada", "correct horse battery staple");

        var ada = new HubDriver(first.Address);
        var tokens = await ada.EnterAsync(notes.Settings, person: ("ada@example.com", "correct horse battery staple"));
        Assert.True((await ada.At(second.Address).AskSilentlyAsync(notes.Settings)).Succeeded);

        await ada.At(second.Address).EndSessionAsync(notes.Settings, tokens.IdToken);

        Assert.Equal("login_required", (await ada.AskSilentlyAsync(notes.Settings)).Error?.Code);
        await notes.WaitForConfirmedLogoutAsync(tokens.Sid, Soon);
    }

    [Fact]
    public async Task Whoever_starts_and_stops_a_hub_for_the_first_time_reads_nothing_that_is_no_concern_of_theirs()
    {
        using var folder = new TemporaryFolder();
        await using var hub = await HubProcess.StartAsync(new HubSettings { Port = FreePorts.Next(), DataFolder = folder.Path });

        Assert.Equal(0, await hub.StopAsync());

        Assert.Contains("info: ", hub.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("dbug: ", hub.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warn: ", hub.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_is_told_to_stop_waits_for_the_attempts_under_way()
    {
        using var folder = new TemporaryFolder();
        await using var notes = await RelyingPartyStub.StartAsync("notes");
        notes.Answer = new BackChannelAnswer.Hang();
        await using var hub = await HubProcess.StartAsync(new HubSettings
        {
            Port = FreePorts.Next(),
            DataFolder = folder.Path,
            RelyingParties = [notes.Settings],
            More = new Dictionary<string, string?> { ["BackChannelLogout__LogoutWait"] = "00:00:00", ["BackChannelLogout__DrainWithin"] = "00:00:20", ["Logging__LogLevel__IdentityHub"] = "Debug" },
        });
        await hub.AddPersonAsync("ada@example.com", "Ada", "correct horse battery staple");
        var ada = new HubDriver(hub.Address);
        var tokens = await ada.EnterAsync(notes.Settings, person: ("ada@example.com", "correct horse battery staple"));
        await ada.EndSessionAsync(notes.Settings, tokens.IdToken);
        await notes.WaitForLogoutAsync(tokens.Sid, Soon);

        Assert.Equal(0, await hub.StopAsync());

        // The attempt was given the time it has, and its outcome was written.
        Assert.Contains("no answer within 5 s", hub.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serving_on_an_unmigrated_PostgreSQL_is_refused_with_the_command_to_run()
    {
        using var folder = new TemporaryFolder();
        var settings = new HubSettings { Port = FreePorts.Next(), DataFolder = folder.Path, Postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync() };

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => HubProcess.CommandAsync(settings, "serve"));

        Assert.Contains("ended with 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("hub migrate", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failure.Message, StringComparison.Ordinal);
    }
}
