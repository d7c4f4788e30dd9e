using System.Net;
using IdentityHub.Client.RevokedTokens;
using IdentityHub.Tests.Testing;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.Tests.RevokedTokens;

/// <summary>What an API with the check answers, whatever the feed does.</summary>
public sealed class RevokedTokenCheckTests
{
    [Fact]
    public async Task A_token_of_an_ended_session_is_refused_and_says_why_and_every_other_is_not()
    {
        await using var api = await CurrentAsync();
        var (ended, other, machine) = (api.Provider.AccessToken("s1"), api.Provider.AccessToken("s2"), api.Provider.AccessToken(null, "a machine"));
        Assert.Equal(HttpStatusCode.OK, (await api.CallAsync(ended)).Status);

        api.Provider.SessionEnded("s1");

        await api.StatusBecomesAsync(HttpStatusCode.Unauthorized, ended, "the token of the ended session is refused");
        Assert.Equal("Bearer error=\"invalid_token\", error_description=\"The session of the token has ended.\"", (await api.CallAsync(ended)).Challenge);
        Assert.Equal(HttpStatusCode.OK, (await api.CallAsync(other)).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.CallAsync(machine)).Status);
        // A session and a person of one name are two things.
        Assert.Equal(HttpStatusCode.OK, (await api.CallAsync(api.Provider.AccessToken("s3", "s1"))).Status);
    }

    [Fact]
    public async Task A_persons_tokens_are_refused_up_to_the_second_of_the_revocation()
    {
        await using var api = await CurrentAsync();
        var at = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 60);
        var (older, same, newer) = (Issued(at.AddSeconds(-1)), Issued(at), Issued(at.AddSeconds(1)));

        api.Provider.PersonRevoked("ada", at.AddMilliseconds(700));

        await api.StatusBecomesAsync(HttpStatusCode.Unauthorized, older, "the older token is refused");
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.CallAsync(same)).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.CallAsync(newer)).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.CallAsync(api.Provider.AccessToken(sub: "grace", ago: TimeSpan.FromMinutes(2)))).Status);

        string Issued(DateTimeOffset instant) => api.Provider.AccessToken("s9", ago: TimeProvider.System.GetUtcNow() - instant);
    }

    [Fact]
    public async Task Before_the_feed_was_read_nothing_is_accepted_and_nobody_is_sent_to_sign_in()
    {
        await using var api = await CheckedApi.StartAsync();
        var token = api.Provider.AccessToken();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, ""), await api.CallAsync(token));
        Assert.Equal(HealthStatus.Unhealthy, (await api.HealthAsync()).Status);
        api.Provider.Current();

        await api.StatusBecomesAsync(HttpStatusCode.OK, token, "the token is accepted");
        Assert.Equal(HealthStatus.Healthy, (await api.HealthAsync()).Status);
    }

    [Fact]
    public async Task A_feed_that_is_behind_refuses_once_it_is_more_than_may_be_tolerated()
    {
        await using var api = await CurrentAsync();
        var token = api.Provider.AccessToken();

        api.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.OK, (await api.CallAsync(token)).Status);
        api.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.CallAsync(token)).Status);
        Assert.Contains("behind", (await api.HealthAsync()).Description!, StringComparison.Ordinal);
        api.Provider.Current();

        await api.StatusBecomesAsync(HttpStatusCode.OK, token, "the token is accepted again");
    }

    [Fact]
    public async Task Whoever_chose_so_accepts_while_the_feed_is_behind_but_not_what_is_known_to_be_over()
    {
        await using var api = await CheckedApi.StartAsync(o => o.WhenBehind = WhenFeedIsBehind.Allow);
        var token = api.Provider.AccessToken();
        Assert.Equal(HttpStatusCode.OK, (await api.CallAsync(token)).Status);

        api.Provider.SessionEnded("s1");

        await api.StatusBecomesAsync(HttpStatusCode.Unauthorized, token, "what is known is refused");
        Assert.Contains("ended sessions are not refused", (await api.HealthAsync()).Description!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_outlives_the_memory_is_refused()
    {
        await using var api = await CurrentAsync(o => o.AccessTokenLifetime = TimeSpan.FromMinutes(10));

        var (status, challenge) = await api.CallAsync(api.Provider.AccessToken(lives: TimeSpan.FromMinutes(11)));

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("AccessTokenLifetime", challenge, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await api.CallAsync(api.Provider.AccessToken(lives: TimeSpan.FromMinutes(10)))).Status);
    }

    [Fact]
    public async Task More_than_may_be_remembered_counts_as_behind()
    {
        await using var api = await CurrentAsync(o => o.MaxEntries = 1000);
        for (var n = 0; n < 1001; n++)
        {
            api.Tokens.SessionEnded($"other {n}");
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.CallAsync(api.Provider.AccessToken())).Status);
        Assert.Contains("Raise MaxEntries", (await api.HealthAsync()).Description!, StringComparison.Ordinal);
        api.Time.Advance(TimeSpan.FromMinutes(71));
        api.Tokens.Current();
        Assert.Equal(HttpStatusCode.OK, (await api.CallAsync(api.Provider.AccessToken())).Status);
    }

    [Fact]
    public async Task A_broken_stream_is_resumed_where_it_was()
    {
        await using var api = await CurrentAsync();
        api.Provider.SessionEnded("s0", "42-1");
        await Eventually.TrueAsync(() => api.Tokens.Count == 1, TimeSpan.FromSeconds(10), "the event has come");

        api.Provider.End(inGoodOrder: false);
        await Eventually.TrueAsync(() => Advance(api, api.Provider.Connections.Count == 2), TimeSpan.FromSeconds(20), "it comes back");

        Assert.Equal(("Bearer token-1", "42-1"), api.Provider.Connections.Last());
        api.Provider.SessionEnded("s1");
        await api.StatusBecomesAsync(HttpStatusCode.Unauthorized, api.Provider.AccessToken(), "the feed is read again");
    }

    [Fact]
    public async Task A_stream_that_ended_with_its_token_is_followed_by_another_at_once_and_with_a_new_token()
    {
        await using var api = await CheckedApi.StartAsync(provider: p => p.TokenLives = 40);
        api.Provider.Current();
        await Eventually.TrueAsync(() => api.Tokens.Behind < TimeSpan.MaxValue, TimeSpan.FromSeconds(20), "the feed is current");
        api.Time.Advance(TimeSpan.FromSeconds(11));

        api.Provider.End(inGoodOrder: true);
        // No time passes: there is no pause.
        await Eventually.TrueAsync(() => api.Provider.Connections.Count == 2, TimeSpan.FromSeconds(20), "it comes back");

        Assert.Equal("Bearer token-2", api.Provider.Connections.Last().Authorization);
    }

    [Fact]
    public async Task A_stream_that_ends_without_a_word_is_not_asked_for_again_without_end()
    {
        await using var api = await CurrentAsync();
        api.Provider.End(inGoodOrder: true);
        api.Provider.End(inGoodOrder: true);

        await HealthSaysAsync(api, "ended without a word");

        Assert.Equal(2, api.Provider.Connections.Count);
        await Eventually.TrueAsync(() => Advance(api, api.Provider.Connections.Count == 3), TimeSpan.FromSeconds(20), "it comes back after a pause");
    }

    [Fact]
    public async Task A_silent_connection_is_given_up_after_three_heartbeats()
    {
        await using var api = await CheckedApi.StartAsync();
        api.Provider.Current(heartbeat: 2);
        await Eventually.TrueAsync(() => api.Tokens.Behind < TimeSpan.MaxValue, TimeSpan.FromSeconds(10), "the feed is current");

        api.Time.Advance(TimeSpan.FromSeconds(5.9));
        Assert.Single(api.Provider.Connections);
        api.Time.Advance(TimeSpan.FromSeconds(0.2));

        await Eventually.TrueAsync(() => Advance(api, api.Provider.Connections.Count == 2), TimeSpan.FromSeconds(20), "it comes back");
    }

    [Fact]
    public async Task After_a_reset_it_begins_without_a_position_and_keeps_what_it_knows()
    {
        await using var api = await CurrentAsync();
        api.Provider.SessionEnded("s1", "42-1");
        api.Provider.Say("event: reset\ndata: {\"reason\":\"The position is older than what is kept.\"}\n\n");
        await api.StatusBecomesAsync(HttpStatusCode.Unauthorized, api.Provider.AccessToken(), "the event has come");

        api.Provider.End(inGoodOrder: true);
        await Eventually.TrueAsync(() => api.Provider.Connections.Count == 2, TimeSpan.FromSeconds(20), "it comes back");

        Assert.Equal("", api.Provider.Connections.Last().LastEventId);
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.CallAsync(api.Provider.AccessToken())).Status);
    }

    [Fact]
    public async Task What_it_does_not_know_it_leaves_alone()
    {
        await using var api = await CurrentAsync();

        api.Provider.Say("event: something-new\ndata: not even JSON\n\n");
        api.Provider.SessionEnded("s1");

        await api.StatusBecomesAsync(HttpStatusCode.Unauthorized, api.Provider.AccessToken(), "the feed is read on");
        Assert.Single(api.Provider.Connections);
    }

    [Theory]
    [InlineData("invalid_client", "does not know the client 'api' or its secret")]
    [InlineData("unauthorized_client", "may not use client_credentials")]
    [InlineData("invalid_scope", "may not ask for the scope revocation_feed")]
    public async Task A_client_that_is_registered_wrongly_is_told_what_to_do(string error, string said)
    {
        await using var api = await CheckedApi.StartAsync(provider: p => p.TokenError = error);

        await HealthSaysAsync(api, said);
    }

    [Theory]
    [InlineData(401, "does not take the access token")]
    [InlineData(403, "register it with the grant client_credentials and the scope revocation_feed")]
    [InlineData(404, "answered 404")]
    public async Task A_feed_that_refuses_is_told_in_words(int status, string said)
    {
        await using var api = await CheckedApi.StartAsync(provider: p => p.Refusal = status);

        await HealthSaysAsync(api, said);
    }

    [Fact]
    public async Task A_provider_without_a_feed_is_named_and_one_that_gets_it_later_is_found()
    {
        await using var api = await CheckedApi.StartAsync(provider: p => p.HasFeed = false);
        await HealthSaysAsync(api, "have no revocation_feed_endpoint");

        api.Provider.HasFeed = true;
        api.Provider.Current();

        await Eventually.TrueAsync(() => Advance(api, api.Tokens.Behind < TimeSpan.MaxValue), TimeSpan.FromSeconds(20), "the feed is found");
    }

    [Fact]
    public async Task The_applications_own_events_are_kept_and_see_only_good_tokens()
    {
        var seen = 0;
        await using var api = await CurrentAsync(scheme: o => o.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                seen++;
                // Cannot wave a revoked one through.
                context.Success();
                return Task.CompletedTask;
            },
        });
        Assert.Equal(HttpStatusCode.OK, (await api.CallAsync(api.Provider.AccessToken("good"))).Status);
        api.Provider.SessionEnded("s1");
        await Eventually.TrueAsync(() => api.Tokens.Count == 1, TimeSpan.FromSeconds(10), "the event has come");
        seen = 0;

        Assert.Equal(HttpStatusCode.Unauthorized, (await api.CallAsync(api.Provider.AccessToken("s1"))).Status);

        Assert.Equal(0, seen);
    }

    [Fact]
    public async Task Events_from_the_container_are_kept_as_well()
    {
        await using var api = await CurrentAsync(scheme: o => o.EventsType = typeof(OwnEvents), services: s => s.AddSingleton<OwnEvents>());

        Assert.Contains("from the container", (await api.CallAsync("nonsense")).Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_stops_the_start_and_names_the_fix()
    {
        var problem = await Assert.ThrowsAsync<OptionsValidationException>(() => CheckedApi.StartAsync(o =>
        {
            (o.ClientId, o.ClientSecret, o.FeedAddress) = ("", " ", "http://id.example.com/revocations");
            (o.AccessTokenLifetime, o.Tolerance, o.MaxEntries) = (TimeSpan.FromDays(2), TimeSpan.Zero, 10);
        }));

        Assert.Equal(
            [
                "FeedAddress is 'http://id.example.com/revocations'; http is accepted only for a loopback host. Use https.",
                "ClientId is missing; set it to the client_id under which this API reads the feed.",
                "ClientSecret is missing; set it to the secret of that client.",
                "AccessTokenLifetime is 2.00:00:00; it must be between 00:01:00 and 1.00:00:00.",
                "Tolerance is 00:00:00; it must be between 00:00:01 and 01:00:00.",
                "MaxEntries is 10; it must be between 1000 and 50000000.",
            ],
            problem.Failures);
    }

    [Fact]
    public async Task A_scheme_that_is_not_there_stops_the_start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddAuthentication().AddRevokedTokenCheck(o => (o.Authority, o.ClientId, o.ClientSecret) = ("https://id.example.com", "api", "secret"), "Api");
        await using var app = builder.Build();

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("JWT bearer scheme 'Api', which there is not", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Twice_is_once_too_often()
    {
        var builder = new ServiceCollection().AddAuthentication().AddRevokedTokenCheck(_ => { });

        Assert.Throws<InvalidOperationException>(() => builder.AddRevokedTokenCheck(_ => { }));
    }

    private static async Task<CheckedApi> CurrentAsync(Action<RevokedTokenCheckOptions>? check = null, Action<JwtBearerOptions>? scheme = null, Action<IServiceCollection>? services = null)
    {
        var api = await CheckedApi.StartAsync(check, scheme, services);
        api.Provider.Current();
        await Eventually.TrueAsync(() => api.Tokens.Behind < TimeSpan.MaxValue, TimeSpan.FromSeconds(20), "the feed is current");
        return api;
    }

    // The pauses between attempts are of the clock that the test moves.
    private static bool Advance(CheckedApi api, bool done)
    {
        if (!done)
        {
            api.Time.Advance(TimeSpan.FromMilliseconds(200));
        }

        return done;
    }

    private static Task HealthSaysAsync(CheckedApi api, string said) => Eventually.TrueAsync(
        async () => (await api.HealthAsync()).Description?.Contains(said, StringComparison.Ordinal) == true, TimeSpan.FromSeconds(20), $"the health check says: {said}");

    private sealed class OwnEvents : JwtBearerEvents
    {
        public override Task Challenge(JwtBearerChallengeContext context)
        {
            context.ErrorDescription = "from the container";
            return Task.CompletedTask;
        }
    }
}
