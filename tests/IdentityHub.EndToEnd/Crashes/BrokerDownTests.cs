using System.Diagnostics;
using IdentityHub.EndToEnd.Races;
using IdentityHub.Messaging;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Crashes;

/// <summary>The broker is a doorbell and a courier of events: without it people are signed out and applications are told, and the events wait.</summary>
public sealed class BrokerDownTests(SharedServers servers)
{
    private const int SignOuts = 10;

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterAReconnection = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Without_the_broker_everybody_is_signed_out_and_told_and_afterwards_every_event_is_published()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        var address = await broker.CreateVirtualHostAsync();
        await using var applications = await Applications.StartAsync("notes", "bank");
        await using var hub = await RaceHub.StartAsync(await (await servers.PostgresAsync()).CreateDatabaseAsync(), applications.All, address);
        await using (var first = new EventListener(address))
        {
            // From here on there is a queue that keeps what is published.
            await first.StartAsync();
        }

        var guests = await hub.GuestsAsync(SignOuts);
        foreach (var guest in guests)
        {
            guest.IdToken = (await guest.Browser.EnterAsync(hub.Notes)).IdToken;
        }

        await broker.KillAsync();
        foreach (var guest in guests)
        {
            var started = Stopwatch.GetTimestamp();
            var page = await guest.Browser.Copy().EndSessionAsync(idTokenHint: guest.IdToken);
            Assert.True(page.Shows("signed-out"), page.Html);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, AtOnce);
            await Aftermath.AssertDeadAsync(hub, guest);
        }

        await Aftermath.AssertEverybodyHeardAsync(hub, guests);
        await Eventually.TrueAsync(
            async () => (await new Faults.HubDriver(hub.First).GetAsync("/health/ready")) is { Status: System.Net.HttpStatusCode.OK } ready
                && ready.Html.Contains("\"broker\":\"Degraded\"", StringComparison.Ordinal) && ready.Html.Contains("\"database\":\"Healthy\"", StringComparison.Ordinal),
            AfterAReconnection,
            "the node says that it lacks the broker and is ready all the same");
        Assert.Equal(SignOuts, await OwedAsync(hub));

        await broker.StartAgainAsync();
        await using var listener = new EventListener(address);
        await listener.StartAsync();
        await Eventually.TrueAsync(async () => await OwedAsync(hub) == 0, AfterAReconnection, "the outbox is empty again");
        List<Guid> acts = [];
        foreach (var guest in guests)
        {
            acts.Add((await Aftermath.OfAsync(hub, guest)).Session.RevocationId!.Value);
        }

        await Eventually.TrueAsync(() => acts.TrueForAll(listener.Heard.ContainsKey), AfterAReconnection, "each act was heard of", () => $"{listener.Heard.Count} were.");
    }

    private static Task<int> OwedAsync(RaceHub hub) => hub.Inside.AskAsync(db => db.Set<OutboxMessage>().CountAsync());
}
