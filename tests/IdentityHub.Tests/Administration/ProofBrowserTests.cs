using System.Net;
using System.Net.Sockets;
using IdentityHub.Administration;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Tests.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IdentityHub.Tests.Administration;

/// <summary>An application that lets nobody in is said to be that, and not to be slow.</summary>
public sealed class ProofBrowserTests : IDisposable
{
    // Nobody accepts, and the only place of those who wait is taken: who connects now gets no answer.
    private readonly Socket _full = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _waiting = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly FakeTimeProvider _time = new();
    private readonly ProofBrowser _browser;

    public ProofBrowserTests()
    {
        _full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _full.Listen(0);
        _waiting.Connect(_full.LocalEndPoint!);
        _browser = Browser("http://localhost:1");
    }

    [Fact]
    public async Task An_address_that_does_not_answer_within_its_share()
    {
        var visit = OpenAsync();

        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(ProofJourney.ConnectWithin);
                return visit.IsCompleted;
            },
            TimeSpan.FromSeconds(4), "connecting to be given up");

        Assert.Equal((ProofSight.NoAnswer, "not connected within 5 s"), ((await visit).Seen, (await visit).Detail));
    }

    // The clock stands: nobody but the handlers, which have their own, gives up.
    [Fact]
    public async Task A_handler_that_gives_up()
    {
        using var atHub = Browser(Page.GetLeftPart(UriPartial.Authority));
        var visits = await Task.WhenAll(OpenAsync(), atHub.OpenAsync(Page, throughHub: false, TestContext.Current.CancellationToken));

        Assert.All(visits, visit => Assert.Equal((ProofSight.NoAnswer, "not connected within 5 s"), (visit.Seen, visit.Detail)));
    }

    [Fact]
    public async Task Whoever_gives_up_the_trial_is_not_told_about_the_connection()
    {
        using var bound = new CancellationTokenSource();
        var visit = OpenAsync(bound.Token);

        await bound.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => visit);
    }

    public void Dispose()
    {
        _browser.Dispose();
        _waiting.Dispose();
        _full.Dispose();
    }

    private Uri Page => new($"http://127.0.0.1:{((IPEndPoint)_full.LocalEndPoint!).Port}/page");

    private ProofBrowser Browser(string hub)
    {
        var rule = new AddressRule([IPNetwork.Parse("127.0.0.0/8")]);
        return new(new ProofJourney(new HubOptions { Issuer = hub }, "app", "hub=x", rule, Development: true), rule, _time);
    }

    private Task<ProofVisit> OpenAsync(CancellationToken cancel = default) => _browser.OpenAsync(Page, throughHub: false, cancel);
}
