using System.Diagnostics;
using System.Diagnostics.Metrics;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Messaging;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

/// <summary>What an operator sees of deliveries: gauges and histograms without a person in them, and one trace from the act to the application.</summary>
public sealed class TelemetryTests(SharedServers servers)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task The_trace_of_the_act_arrives_at_the_application(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var receiver = await ReceiverStub.AnsweringAsync(200);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", receiver.Address);
        var session = await situation.SessionAsync("bank");
        await using var node = await DeliveryNode.StartAsync(database);
        using var click = new Activity("the person's click").SetIdFormat(ActivityIdFormat.W3C).Start();
        await using (var scope = node.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<HubDb>();
            await db.InTransactionAsync(() => scope.ServiceProvider.GetRequiredService<LogoutDeliveries>()
                .PlanAsync(db, new Dictionary<Guid, Guid> { [session.Id] = Guid.CreateVersion7() }, TimeProvider.System.GetUtcNow(), CancellationToken.None));
        }

        click.Stop();
        node.Services.GetRequiredService<Doorbell>().Ring();
        await Eventually.TrueAsync(() => !receiver.Requests.IsEmpty, Soon, "it is told");

        Assert.True(receiver.Requests.TryPeek(out var request));
        Assert.Equal(click.TraceId.ToHexString(), request.TraceParent!.Split('-')[1]);
        Assert.NotEqual(click.SpanId.ToHexString(), request.TraceParent.Split('-')[2]);
    }

    [Fact]
    public void Without_a_trace_there_is_none()
    {
        Assert.Null(TraceContext.Current);
        Assert.Null(TraceContext.Continue(null, "anything", ActivityKind.Producer));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task The_gauges_tell_what_is_due_since_when_and_whose_breaker_is_open(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var app = DeliveryNode.Build(database);
        var now = TimeProvider.System.GetUtcNow();
        await database.AddAsync(Situation.Delivery("gauged-dead", due: now.AddMinutes(-5)), Situation.Delivery("gauged-dead"), Situation.Delivery("gauged-later", due: now.AddHours(1)));
        var measured = new Dictionary<string, List<(double Value, string Tags)>>();
        using var listener = Listen(measured);
        var metrics = app.Services.GetRequiredService<DeliveryMetrics>();
        for (var i = 0; i < 4; i++)
        {
            app.Services.GetRequiredService<CircuitBreakers>().Heard(Situation.Delivery("gauged-dead"), new DeliveryOutcome.Retry(null, "no answer within 5 s"));
        }

        await ActivatorUtilities.CreateInstance<BacklogWatch>(app.Services).LookAsync(CancellationToken.None);
        var confirmed = Situation.Delivery("gauged-bank");
        metrics.Written(Settlement.Of(confirmed, new DeliveryOutcome.Confirmed(200), confirmed.CreatedAt.AddSeconds(2), 0));
        listener.RecordObservableInstruments();

        Assert.Equal([(2, "client_id=gauged-dead")], measured["identityhub.logout.due"]);
        Assert.InRange(Assert.Single(measured["identityhub.logout.due.oldest"]).Value, 300, 400);
        Assert.Equal([(2, "client_id=gauged-dead")], measured["identityhub.logout.breaker"]);
        Assert.Equal([(2, "client_id=gauged-bank")], measured["identityhub.logout.confirmation"]);
        Assert.Equal([(1, "client_id=gauged-bank,state=Confirmed")], measured["identityhub.logout.deliveries"]);
    }

    private static MeterListener Listen(Dictionary<string, List<(double, string)>> measured)
    {
        var listener = new MeterListener { InstrumentPublished = Enable };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;

        static void Enable(Instrument instrument, MeterListener self)
        {
            if (instrument.Meter.Name == "IdentityHub.BackChannelLogout")
            {
                self.EnableMeasurementEvents(instrument);
            }
        }

        // Other tests have meters of the same name in this process; their relying parties have other names.
        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = string.Join(',', tags.ToArray().Select(t => $"{t.Key}={t.Value}"));
            if (!text.Contains("gauged-", StringComparison.Ordinal))
            {
                return;
            }

            lock (measured)
            {
                if (!measured.TryGetValue(instrument.Name, out var list))
                {
                    measured[instrument.Name] = list = [];
                }

                list.Add((value, text));
            }
        }
    }
}
