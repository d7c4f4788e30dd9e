using System.Net;
using System.Security.Claims;
using IdentityHub.Client.StepUp;
using IdentityHub.Client.Tests.Testing;

namespace IdentityHub.Client.Tests.StepUp;

/// <summary>A page for people who proved recently, or strongly, who they are.</summary>
public sealed class StepUpTests
{
    [Fact]
    public async Task A_fresh_sign_in_is_recent_and_an_old_one_is_renewed_at_the_provider()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        app.Provider.AuthorizationRequests.Clear();

        app.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("recent", await browser.GetStringAsync("/recent"));
        Assert.Empty(app.Provider.AuthorizationRequests);

        app.Time.Advance(TimeSpan.FromSeconds(1));
        app.Provider.AuthenticatedAgo = TimeSpan.FromMinutes(6);
        var before = browser.SessionCookie;
        Assert.Equal("recent", await browser.GetStringAsync("/recent"));
        var request = Assert.Single(app.Provider.AuthorizationRequests);
        Assert.Equal("300", request["max_age"]);
        Assert.False(request.ContainsKey("acr_values"));
        Assert.NotEqual(before, browser.SessionCookie);
    }

    [Fact]
    public async Task Somebody_who_is_not_signed_in_goes_to_the_provider_once()
    {
        await using var app = await Application.StartAsync();
        app.Provider.AuthenticatedAgo = TimeSpan.FromHours(2);
        using var browser = app.NewBrowser();

        Assert.Equal("recent", await browser.GetStringAsync("/recent"));

        Assert.Equal("300", Assert.Single(app.Provider.AuthorizationRequests)["max_age"]);
    }

    [Fact]
    public async Task An_ordinary_sign_in_asks_for_no_age()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");

        var request = Assert.Single(app.Provider.AuthorizationRequests);
        Assert.False(request.ContainsKey("max_age"));
        Assert.False(request.ContainsKey("acr_values"));
    }

    [Fact] // or the browser would go round in circles, and an attacker could cut max_age out of the address
    public async Task A_provider_that_answers_with_an_old_auth_time_is_not_believed()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        app.Time.Advance(TimeSpan.FromMinutes(10));
        (app.Provider.ObeysMaxAge, app.Provider.AuthenticatedAgo) = (false, TimeSpan.FromMinutes(10));
        app.Provider.AuthorizationRequests.Clear();

        var answer = await browser.GetAsync("/recent");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("id=\"not-stepped-up\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Single(app.Provider.AuthorizationRequests);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("mfa", HttpStatusCode.OK)]
    [InlineData("phr", HttpStatusCode.OK)]
    [InlineData("pwd", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Forbidden)]
    public async Task The_class_of_the_authentication_counts(string? acr, HttpStatusCode expected)
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        app.Provider.AuthorizationRequests.Clear();
        app.Provider.BendIdToken = claims => claims["acr"] = acr;

        var answer = await browser.GetAsync("/strong");

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("phr mfa", Assert.Single(app.Provider.AuthorizationRequests)["acr_values"]);
    }

    [Fact]
    public async Task A_script_is_told_what_is_missing_and_a_late_form_is_not_taken()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        app.Time.Advance(TimeSpan.FromMinutes(6));
        using var script = new HttpRequestMessage(HttpMethod.Post, "/recent") { Headers = { { "Sec-Fetch-Mode", "cors" } } };

        var answer = await browser.SendAsync(script);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var challenge = answer.Headers.WwwAuthenticate.ToString();
        Assert.Contains("error=\"insufficient_user_authentication\", max_age=\"300\"", challenge, StringComparison.Ordinal);
        using var form = await browser.PostFormAsync("/recent");
        Assert.Equal("home", await form.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("yesterday", false)]
    [InlineData("-1", false)]
    [InlineData("1699999699", false)]
    [InlineData("1699999700", true)]
    [InlineData("1700000010", true)] // the provider's clock may run ahead
    public void The_age_is_measured_by_auth_time(string? authTime, bool met)
    {
        var person = new ClaimsPrincipal(new ClaimsIdentity(authTime is null ? [] : [new Claim("auth_time", authTime)]));

        Assert.Equal(met, new RecentAuthenticationRequirement(TimeSpan.FromMinutes(5)).IsMetBy(person, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)));
    }

    [Fact]
    public void A_requirement_that_cannot_be_met_or_sent_is_refused_where_it_is_written()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecentAuthenticationRequirement(TimeSpan.FromSeconds(59)));
        Assert.Throws<ArgumentException>(() => new RecentAuthenticationRequirement(TimeSpan.FromMinutes(5), "a b"));
        Assert.Throws<ArgumentException>(() => new RecentAuthenticationRequirement(TimeSpan.FromMinutes(5), ""));
    }
}
