using System.Net;
using IdentityHub.Client.Sessions;
using IdentityHub.Client.Tests.Testing;

namespace IdentityHub.Client.Tests.Diagnostics;

/// <summary>The health check says whether a logout that came now would arrive.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task It_is_healthy_when_keys_and_store_are_there()
    {
        await using var app = await Application.StartAsync();

        await AssertHealth(app, HttpStatusCode.OK, "Healthy: ");
    }

    [Fact]
    public async Task It_is_unhealthy_until_keys_were_fetched_once_and_degraded_while_they_cannot_be_renewed()
    {
        await using var app = await Application.StartAsync();
        app.Provider.Down = true;
        await AssertHealth(app, HttpStatusCode.ServiceUnavailable, $"Unhealthy: The provider's metadata and keys cannot be fetched from {app.Provider.Issuer}");

        app.Provider.Down = false;
        app.Time.Advance(TimeSpan.FromSeconds(2));
        await AssertHealth(app, HttpStatusCode.OK, "Healthy: ");

        app.Provider.Down = true;
        app.Time.Advance(TimeSpan.FromHours(1));
        await AssertHealth(app, HttpStatusCode.OK, "Degraded: The provider's metadata could not be fetched again");

        app.Provider.Down = false;
        app.Time.Advance(TimeSpan.FromHours(1));
        await AssertHealth(app, HttpStatusCode.OK, "Healthy: ");
    }

    [Fact]
    public async Task It_is_unhealthy_when_no_key_fits_the_algorithm()
    {
        await using var app = await Application.StartAsync(o => o.SigningAlgorithm = "ES384");

        await AssertHealth(app, HttpStatusCode.ServiceUnavailable, "Unhealthy: SigningAlgorithm is ES384, and none of the 2 keys");
    }

    [Fact]
    public async Task It_is_unhealthy_when_the_provider_signs_with_other_algorithms()
    {
        await using var app = await Application.StartAsync(o => o.SigningAlgorithm = "ES256");
        app.Provider.BendMetadata = m => m["id_token_signing_alg_values_supported"] = new System.Text.Json.Nodes.JsonArray("RS256");

        await AssertHealth(app, HttpStatusCode.ServiceUnavailable, "Unhealthy: SigningAlgorithm is ES256, and the provider signs with RS256; set it");
    }

    [Fact]
    public async Task It_is_degraded_when_the_provider_does_not_offer_back_channel_logout()
    {
        await using var app = await Application.StartAsync();
        app.Provider.BendMetadata = m => m["backchannel_logout_supported"] = false;

        await AssertHealth(app, HttpStatusCode.OK, "Degraded: The provider does not say backchannel_logout_supported");
        Assert.Single(app.Log.Lines, line => line.Contains("does not say backchannel_logout_supported", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_unhealthy_when_the_store_does_not_answer()
    {
        await using var app = await Application.StartAsync(store: new BrokenStore());

        await AssertHealth(app, HttpStatusCode.ServiceUnavailable, "Unhealthy: The session store does not answer");
    }

    private static async Task AssertHealth(Application app, HttpStatusCode status, string begins)
    {
        using var browser = app.NewBrowser();
        var answer = await browser.GetAsync("/health");
        Assert.StartsWith(begins, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(status, answer.StatusCode);
    }

    private sealed class BrokenStore : ISessionStore
    {
        public ValueTask<bool> StoreAsync(StoredSession session, CancellationToken cancellationToken) => throw new IOException("down");

        public ValueTask<StoredSession?> FindAsync(string key, CancellationToken cancellationToken) => throw new IOException("down");

        public ValueTask<bool> ExtendAsync(string key, DateTimeOffset expiresAt, CancellationToken cancellationToken) => throw new IOException("down");

        public ValueTask EndAsync(string key, CancellationToken cancellationToken) => throw new IOException("down");

        public ValueTask<LogoutOutcome> EndAsync(LogoutNotice notice, CancellationToken cancellationToken) => throw new IOException("down");
    }
}
