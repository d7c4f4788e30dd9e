using IdentityHub.Client.Sessions;
using IdentityHub.Client.Tests.Testing;
using IdentityHub.Tests.Testing;

namespace IdentityHub.Client.Tests.Sessions;

/// <summary>A connection that stays open hears when its session ends.</summary>
public sealed class SessionEndTests
{
    [Fact]
    public async Task A_logout_token_closes_it_at_the_next_look()
    {
        var store = new Watched();
        await using var app = await Application.StartAsync(store: store);
        using var browser = await app.SignInAsync("ada", "s1");
        using var connection = await OpenAsync(browser);
        var end = connection.ReadToEndAsync(TestContext.Current.CancellationToken);

        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "another"));
        var before = store.Looks;
        await Eventually.TrueAsync(
            () =>
            {
                app.Time.Advance(SessionEnd.LookInterval);
                return store.Looks >= before + 3;
            },
            TimeSpan.FromSeconds(30), "it goes on looking");
        Assert.False(end.IsCompleted);

        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"));

        Assert.Equal("ended", await AfterLooksAsync(app, end));
    }

    [Fact]
    public async Task Signing_out_closes_it()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        using var connection = await OpenAsync(browser);
        var end = connection.ReadToEndAsync(TestContext.Current.CancellationToken);

        await browser.SignOutAsync();

        Assert.Equal("ended", await AfterLooksAsync(app, end));
    }

    [Fact] // or a page that somebody left open would keep the session alive for good
    public async Task Being_open_is_no_use_of_the_session()
    {
        await using var app = await Application.StartAsync(o => o.IdleTimeout = TimeSpan.FromMinutes(1));
        using var browser = await app.SignInAsync("ada", "s1");
        using var connection = await OpenAsync(browser);
        var end = connection.ReadToEndAsync(TestContext.Current.CancellationToken);
        var begun = app.Time.GetUtcNow();

        Assert.Equal("ended", await AfterLooksAsync(app, end));
        Assert.InRange(app.Time.GetUtcNow() - begun, TimeSpan.FromSeconds(55), TimeSpan.FromMinutes(3));
    }

    private static async Task<StreamReader> OpenAsync(Browser browser)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/until-ended");
        var answer = await browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var reader = new StreamReader(await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var open = new char[5];
        Assert.Equal(5, await reader.ReadBlockAsync(open, TestContext.Current.CancellationToken));
        return reader;
    }

    /// <summary>Counts how often somebody looked for a session.</summary>
    private sealed class Watched : ISessionStore
    {
        private readonly MemorySessionStore _real = new(TimeProvider.System);
        private int _looks;

        public int Looks => Volatile.Read(ref _looks);

        public ValueTask<bool> StoreAsync(StoredSession session, CancellationToken cancellationToken) => _real.StoreAsync(session, cancellationToken);

        public ValueTask<StoredSession?> FindAsync(string key, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _looks);
            return _real.FindAsync(key, cancellationToken);
        }

        public ValueTask<bool> ExtendAsync(string key, DateTimeOffset expiresAt, CancellationToken cancellationToken) => _real.ExtendAsync(key, expiresAt, cancellationToken);

        public ValueTask EndAsync(string key, CancellationToken cancellationToken) => _real.EndAsync(key, cancellationToken);

        public ValueTask<LogoutOutcome> EndAsync(LogoutNotice notice, CancellationToken cancellationToken) => _real.EndAsync(notice, cancellationToken);
    }

    /// <summary>Lets the clock of the application go on, a look at a time, until the connection is closed.</summary>
    private static async Task<string> AfterLooksAsync(Application app, Task<string> end)
    {
        await Eventually.TrueAsync(
            () =>
            {
                app.Time.Advance(SessionEnd.LookInterval);
                return Task.FromResult(end.IsCompleted);
            },
            TimeSpan.FromSeconds(30), "the connection is closed");
        return await end;
    }
}
