using System.Net;
using IdentityHub.Client.Tests.Testing;
using IdentityHub.Tests.Testing;

namespace IdentityHub.Client.Tests.Sessions;

/// <summary>Two <c>Notes</c> as processes on one PostgreSQL: what one of them was told, the other one knows.</summary>
public sealed class ClusterTests(ClusterTests.Cluster cluster) : IClassFixture<ClusterTests.Cluster>
{
    private readonly FakeProvider _provider = cluster.Provider;

    [Fact]
    public async Task A_logout_that_one_node_confirms_is_over_on_both_at_once()
    {
        foreach (var (at, told) in new[] { (0, 1), (1, 0), (0, 0) })
        {
            _provider.NextSid = $"end-{at}-{told}";
            using var browser = await SignInAsync(at);
            using var thief = Node(told);
            thief.SessionCookie = browser.SessionCookie;
            Assert.True(await thief.IsSignedInAsync());
            var token = _provider.LogoutToken(sid: _provider.NextSid);

            Assert.Equal(HttpStatusCode.OK, (await PostAsync(told, token)).StatusCode);

            Assert.False(await browser.IsSignedInAsync());
            Assert.False(await thief.IsSignedInAsync());
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(1 - told, token)).StatusCode);
        }
    }

    [Fact]
    public async Task A_session_is_refused_at_one_node_when_the_other_was_told_while_its_code_was_redeemed()
    {
        _provider.NextSid = "late";
        _provider.WhileRedeeming = async () => Assert.Equal(HttpStatusCode.OK, (await PostAsync(1, _provider.LogoutToken(sid: "late"))).StatusCode);
        using var browser = Node(0);

        var answer = await browser.GetAsync("/dashboard");

        Assert.Equal("/signed-out", answer.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Null(browser.SessionCookie);
        _provider.WhileRedeeming = () => Task.CompletedTask;
    }

    [Fact]
    public async Task Signing_out_at_one_node_is_seen_by_the_other()
    {
        _provider.NextSid = "own";
        using var browser = await SignInAsync(0);
        using var other = Node(1);
        other.SessionCookie = browser.SessionCookie;

        await browser.SignOutAsync();

        Assert.False(await other.IsSignedInAsync());
    }

    private Browser Node(int node) => new(cluster.Nodes[node].Url, privatePage: "/me");

    private async Task<Browser> SignInAsync(int node)
    {
        var browser = Node(node);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/dashboard")).StatusCode);
        return browser;
    }

    private async Task<HttpResponseMessage> PostAsync(int node, string token)
    {
        using var provider = Node(node);
        return await provider.PostFormAsync("/backchannel-logout", ("logout_token", token));
    }

    public sealed class Cluster(SharedServers servers) : IAsyncLifetime
    {
        internal FakeProvider Provider { get; private set; } = null!;

        internal (ChildProcess Process, Uri Url)[] Nodes { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            Provider = await FakeProvider.StartAsync(TimeProvider.System);
            var database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
            await NotesProcess.RunAsync("migrate", ("ConnectionStrings__Sessions", database));
            Nodes = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => NotesProcess.StartAsync(
                FreePorts.Next(), Provider.Issuer, Application.ClientId, ("ConnectionStrings__Sessions", database), ("Hub__CookieName", Application.Cookie))));
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var (process, _) in Nodes)
            {
                await process.DisposeAsync();
            }

            await Provider.DisposeAsync();
        }
    }
}
