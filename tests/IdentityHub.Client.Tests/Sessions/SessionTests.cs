using System.Net;
using IdentityHub.Client.Sessions;
using IdentityHub.Client.Tests.Testing;

namespace IdentityHub.Client.Tests.Sessions;

/// <summary>The application's own session, seen from a browser and from somebody who copied its cookie.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task The_cookie_is_opaque_and_the_store_knows_only_its_hash()
    {
        var store = new Spy();
        await using var app = await Application.StartAsync(store: store);
        using var browser = await app.SignInAsync("ada", "s1");

        Assert.Matches("^[A-Za-z0-9_-]{43}$", browser.SessionCookie);
        var stored = Assert.Single(store.Stored);
        Assert.Matches("^[0-9a-f]{64}$", stored.Key);
        Assert.Equal(SessionCookie.KeyOf(browser.SessionCookie!), stored.Key);
        Assert.Equal(("ada", "s1", app.Provider.Issuer), (stored.Subject, stored.Sid, stored.Issuer));
        Assert.DoesNotContain("refresh", System.Text.Encoding.UTF8.GetString(stored.Ticket.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_person_is_known_by_sub_and_the_tokens_stay_on_the_server()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");

        Assert.Equal("ada Ada Lovelace", await browser.GetStringAsync("/private"));
        Assert.Equal("access", await browser.GetStringAsync("/tokens"));
    }

    [Fact]
    public async Task A_copied_cookie_is_dead_after_a_logout_token_and_after_signing_out()
    {
        await using var app = await Application.StartAsync();
        using var first = await app.SignInAsync("ada", "s1");
        using var second = await app.SignInAsync("ada", "s2");
        using var thief = app.NewBrowser();
        thief.SessionCookie = first.SessionCookie;
        using var otherThief = app.NewBrowser();
        otherThief.SessionCookie = second.SessionCookie;
        Assert.True(await thief.IsSignedInAsync());
        Assert.True(await otherThief.IsSignedInAsync());

        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"));
        await second.SignOutAsync();

        Assert.False(await thief.IsSignedInAsync());
        Assert.False(await otherThief.IsSignedInAsync());
    }

    [Fact] // session fixation; and the ITicketStore trap of a key kept for the next person
    public async Task Signing_in_again_gets_a_new_cookie_and_ends_the_session_before()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        using var thief = app.NewBrowser();
        thief.SessionCookie = browser.SessionCookie;

        (app.Provider.NextSubject, app.Provider.NextSid, app.Provider.NextName) = ("grace", "s2", "Grace Hopper");
        var before = browser.SessionCookie;
        await browser.StartSignInWhileSignedInAsync();

        Assert.NotEqual(before, browser.SessionCookie);
        Assert.Equal("grace Grace Hopper", await browser.GetStringAsync("/private"));
        Assert.False(await thief.IsSignedInAsync());
        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"));
        Assert.True(await browser.IsSignedInAsync());
        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s2"));
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_cookie_value_that_the_browser_brings_along_is_never_adopted()
    {
        await using var app = await Application.StartAsync();
        using var browser = app.NewBrowser();
        var planted = SessionCookie.NewValue();
        browser.SessionCookie = planted;

        await browser.GetAsync("/private");

        Assert.NotEqual(planted, browser.SessionCookie);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task An_unused_session_ends_and_a_used_one_ends_at_its_limit()
    {
        await using var app = await Application.StartAsync(o => (o.IdleTimeout, o.SessionLifetime) = (TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(25)));
        using var unused = await app.SignInAsync("ada", "s1");
        using var used = await app.SignInAsync("ada", "s2");

        app.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.True(await used.IsSignedInAsync());
        app.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.True(await used.IsSignedInAsync());
        Assert.False(await unused.IsSignedInAsync());
        app.Time.Advance(TimeSpan.FromMinutes(7));
        Assert.False(await used.IsSignedInAsync());
    }

    [Fact]
    public async Task A_script_gets_401_and_a_page_is_sent_to_sign_in()
    {
        await using var app = await Application.StartAsync();
        using var browser = new Browser(app.Url, follow: false);
        using var script = new HttpRequestMessage(HttpMethod.Get, "/private") { Headers = { { "Accept", "application/json" } } };
        using var fetch = new HttpRequestMessage(HttpMethod.Get, "/private") { Headers = { { "Sec-Fetch-Mode", "cors" }, { "Accept", "*/*" } } };
        using var page = new HttpRequestMessage(HttpMethod.Get, "/private") { Headers = { { "Accept", "text/html,*/*" } } };

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync(script)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync(fetch)).StatusCode);
        var redirect = await browser.SendAsync(page);
        Assert.Equal(HttpStatusCode.Redirect, redirect.StatusCode);
        Assert.StartsWith(app.Provider.Issuer + "/authorize", redirect.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_cannot_answer_lets_nobody_in_and_confirms_no_logout()
    {
        var store = new Spy();
        await using var app = await Application.StartAsync(store: store);
        using var browser = await app.SignInAsync("ada", "s1");

        store.Broken = true;

        Assert.Equal(HttpStatusCode.InternalServerError, (await browser.GetAsync("/private")).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"))).StatusCode);
    }

    private sealed class Spy : ISessionStore
    {
        private readonly MemorySessionStore _real = new(TimeProvider.System);

        public List<StoredSession> Stored { get; } = [];

        public bool Broken { get; set; }

        public ValueTask<bool> StoreAsync(StoredSession session, CancellationToken cancellationToken)
        {
            Stored.Add(session);
            return Real.StoreAsync(session, cancellationToken);
        }

        public ValueTask<StoredSession?> FindAsync(string key, CancellationToken cancellationToken) => Real.FindAsync(key, cancellationToken);

        public ValueTask<bool> ExtendAsync(string key, DateTimeOffset expiresAt, CancellationToken cancellationToken) => Real.ExtendAsync(key, expiresAt, cancellationToken);

        public ValueTask EndAsync(string key, CancellationToken cancellationToken) => Real.EndAsync(key, cancellationToken);

        public ValueTask<LogoutOutcome> EndAsync(LogoutNotice notice, CancellationToken cancellationToken) => Real.EndAsync(notice, cancellationToken);

        private MemorySessionStore Real => Broken ? throw new IOException("The store is down.") : _real;
    }
}
