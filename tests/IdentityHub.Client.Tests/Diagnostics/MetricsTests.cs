using IdentityHub.Client.Tests.Testing;

namespace IdentityHub.Client.Tests.Diagnostics;

/// <summary>What an operator can watch, by the names that the README lists.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Every_logout_is_measured_by_channel_and_outcome()
    {
        await using var app = await Application.StartAsync();
        using var measurements = new Measurements(app);
        using var browser = await app.SignInAsync("ada", "s1");
        var token = app.Provider.LogoutToken(sid: "s1", sub: "ada");

        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1", sub: "grace"));
        await app.PostLogoutAsync("garbage");
        await browser.GetAsync("/backchannel-logout");
        await browser.GetAsync("/frontchannel-logout");
        await app.PostLogoutAsync(token);
        await app.PostLogoutAsync(token);

        string[] expected = ["back other_subject", "back refused", "back malformed", "front refused", "back ended", "back replayed"];
        Assert.Equal(
            expected.Select(e => e.Split(' ')).Select(e => $"identityhub.client.logout.duration [s] identityhub.logout.channel={e[0]} identityhub.logout.outcome={e[1]}"),
            measurements.Taken.Where(m => m.StartsWith("identityhub.client.logout", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_sign_in_is_counted_by_its_outcome()
    {
        await using var app = await Application.StartAsync();
        using var measurements = new Measurements(app);
        using var browser = await app.SignInAsync("ada", "s1");
        app.Time.Advance(TimeSpan.FromMinutes(6));
        (app.Provider.ObeysMaxAge, app.Provider.AuthenticatedAgo) = (false, TimeSpan.FromHours(1));
        await browser.GetAsync("/recent");
        app.Provider.AuthorizeError = "access_denied";
        using var other = app.NewBrowser();
        await other.GetAsync("/private");
        app.Provider.AuthorizeError = "server_error";
        await other.GetAsync("/private");
        app.Provider.AuthorizeError = null;
        app.Provider.WhileRedeeming = () => app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"));
        await other.GetAsync("/private");

        Assert.Equal(
            new[] { "signed_in", "not_stepped_up", "declined", "failed", "ended_before" }.Select(o => "identityhub.client.sign_ins [{sign_in}] identityhub.sign_in.outcome=" + o),
            measurements.Taken.Where(m => m.StartsWith("identityhub.client.sign_ins", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_fetch_of_the_keys_is_measured_and_a_failed_one_says_its_error()
    {
        await using var app = await Application.StartAsync();
        using var measurements = new Measurements(app);
        app.Provider.Down = true;
        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"));
        app.Provider.Down = false;
        app.Time.Advance(TimeSpan.FromSeconds(2));
        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"));

        var fetches = measurements.Taken.Where(m => m.StartsWith("identityhub.client.metadata.fetch.duration [s]", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, fetches.Count);
        Assert.Contains("error.type=System.", fetches[0], StringComparison.Ordinal);
        Assert.DoesNotContain("error.type", fetches[1], StringComparison.Ordinal);
        Assert.Contains(measurements.Taken, m => m.EndsWith("identityhub.logout.outcome=provider_unavailable", StringComparison.Ordinal));
    }
}
