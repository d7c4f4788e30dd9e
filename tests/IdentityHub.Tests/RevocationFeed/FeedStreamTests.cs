using System.Net;
using System.Text.Json.Nodes;
using IdentityHub.Keys;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace IdentityHub.Tests.RevocationFeed;

/// <summary>The stream as a subscriber sees it.</summary>
public sealed class FeedStreamTests(FeedStreamTests.OneHub shared) : IClassFixture<FeedStreamTests.OneHub>
{
    private readonly FeedHub _hub = shared.Hub;

    [Fact]
    public async Task It_is_an_event_stream_that_nobody_keeps()
    {
        using var answer = await _hub.GetAsync(await _hub.TokenAsync());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal("no", answer.Headers.GetValues("X-Accel-Buffering").Single());
    }

    [Fact]
    public async Task Without_a_token_it_asks_for_one()
    {
        using var answer = await _hub.GetAsync(null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer realm=\"revocation-feed\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal("unauthorized", await ErrorAsync(answer));
    }

    [Fact]
    public async Task A_token_for_something_else_is_not_enough()
    {
        using var answer = await _hub.GetAsync(await _hub.TokenAsync("other", "other"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("error=\"insufficient_scope\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains("scope=\"revocation_feed\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal("insufficient_scope", await ErrorAsync(answer));
    }

    [Fact]
    public async Task A_persons_token_with_the_scope_is_not_enough()
    {
        var token = await SignAsync(new() { ["sub"] = "a person", ["client_id"] = "api" });

        using var answer = await _hub.GetAsync(token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("of another issuer")]
    [InlineData("for another audience")]
    [InlineData("an ID token")]
    [InlineData("revoked")]
    [InlineData("nonsense")]
    public async Task A_token_that_is_no_good_is_refused(string what)
    {
        var token = what switch
        {
            "expired" => await SignAsync([], expires: TimeSpan.FromSeconds(-1)),
            "of another issuer" => await SignAsync(new() { ["iss"] = "https://elsewhere.example.com" }),
            "for another audience" => await SignAsync(new() { ["aud"] = "https://api.example.com" }),
            "an ID token" => await SignAsync([], type: "JWT"),
            "revoked" => await SignAsync([], status: "revoked"),
            _ => "e30.e30.e30",
        };

        using var answer = await _hub.GetAsync(token);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_the_address_is_not_looked_at()
    {
        using var answer = await _hub.Http.GetAsync("/revocations?access_token=" + await _hub.TokenAsync(), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task It_ends_when_the_token_does()
    {
        // Not sooner than the stream is there on a busy machine.
        await using var tap = new FeedTap(await _hub.GetAsync(await SignAsync([], expires: TimeSpan.FromSeconds(6))));

        await EndAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.NotNull(tap.LastId);

        async Task EndAsync()
        {
            while (await tap.NextAsync() is not null)
            {
            }
        }
    }

    [Fact]
    public async Task An_ended_session_is_told_with_what_is_known_of_it()
    {
        var session = await _hub.SessionAsync();
        await using var tap = await _hub.OpenAsync();
        await tap.UntilCurrentAsync();

        var ended = await _hub.EndAsync(session);

        var told = await tap.NextRevocationAsync();
        Assert.Equal("session-ended", told.Type);
        Assert.Equal((session.Sid, session.UserId.ToString(), "signed_out"), (told.Sid, told.Sub, (string?)told.Data["reason"]));
        Assert.Equal(ended.RevocationId, (Guid)told.Data["revocationId"]!);
        var at = await _hub.DataAsync(db => db.Set<UserSession>().Where(s => s.Id == session.Id).Select(s => s.EndedAt).SingleAsync());
        Assert.Equal(at, (DateTimeOffset)told.Data["revokedAt"]!);
    }

    [Fact]
    public async Task Where_all_tokens_of_a_person_are_revoked_the_person_is_told_too_also_without_a_session()
    {
        var (mine, other) = (await _hub.SessionAsync(), (UserSession?)null);
        other = await _hub.SessionAsync(await _hub.DataAsync(db => db.Users.AsNoTracking().SingleAsync(u => u.Id == mine.UserId)));
        await using var tap = await _hub.OpenAsync();
        await tap.UntilCurrentAsync();

        await ChangePasswordAsync(mine);
        Assert.Equal(["session-ended " + other.Sid, "person-revoked "], await DescribeAsync(tap, 2));
        await ChangePasswordAsync(mine);
        Assert.Equal(["person-revoked "], await DescribeAsync(tap, 1));
        await _hub.EndAsync(mine);
        Assert.Equal(["session-ended " + mine.Sid], await DescribeAsync(tap, 1));

        Task<Ended> ChangePasswordAsync(UserSession present) => _hub.ActAsync<SessionRevoker, Ended>(revoker =>
            revoker.EndPersonAsync(present.UserId, present.Id, RevocationReason.PasswordChanged, Initiator.System));
    }

    [Fact]
    public async Task Whoever_begins_is_told_what_is_kept_and_then_that_it_is_current()
    {
        var sessions = new[] { await _hub.SessionAsync(), await _hub.SessionAsync() };
        await _hub.EndAsync(sessions[0]);
        await _hub.EndAsync(sessions[1]);

        await using var tap = await _hub.OpenAsync();
        var events = await tap.UntilCurrentAsync();

        Assert.Equal(sessions.Select(s => s.Sid), events.Select(e => e.Sid).Where(sid => sessions.Any(s => s.Sid == sid)));
        Assert.Equal("current", events[^1].Type);
        Assert.Equal(3600, (int)events[^1].Data["keptSeconds"]!);
        Assert.Equal(0.2, (double)events[^1].Data["heartbeatSeconds"]!);
    }

    [Fact]
    public async Task Whoever_comes_back_is_told_the_rest()
    {
        var sessions = new[] { await _hub.SessionAsync(), await _hub.SessionAsync(), await _hub.SessionAsync() };
        await _hub.EndAsync(sessions[0]);
        string? position;
        await using (var before = await _hub.OpenAsync())
        {
            await before.UntilCurrentAsync();
            position = before.LastId;
        }

        await _hub.EndAsync(sessions[1]);
        await using var after = await _hub.OpenAsync(position);
        Assert.Equal([sessions[1].Sid], (await after.UntilCurrentAsync()).SkipLast(1).Select(e => e.Sid));
        await _hub.EndAsync(sessions[2]);

        Assert.Equal(sessions[2].Sid, (await after.NextRevocationAsync()).Sid);
    }

    [Theory]
    [InlineData("1-1700000000")]
    [InlineData("999999999-{now}")]
    [InlineData("an id of another feed")]
    public async Task A_position_that_cannot_be_resumed_says_so_and_begins_anew(string position)
    {
        var session = await _hub.SessionAsync();
        await _hub.EndAsync(session);

        await using var tap = await _hub.OpenAsync(position.Replace("{now}", $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}", StringComparison.Ordinal));
        var events = await tap.UntilCurrentAsync();

        Assert.Equal("reset", events[0].Type);
        Assert.NotEmpty((string)events[0].Data["reason"]!);
        Assert.Contains(events, e => e.Sid == session.Sid);
    }

    [Fact]
    public async Task A_quiet_feed_says_again_and_again_that_its_subscribers_are_current()
    {
        await using var tap = await _hub.OpenAsync();
        await tap.UntilCurrentAsync();

        for (var beat = 0; beat < 4; beat++)
        {
            Assert.Equal("current", (await tap.NextAsync())?.Type);
        }
    }

    [Fact]
    public async Task There_are_no_more_streams_than_there_may_be_and_a_place_becomes_free()
    {
        await using var small = await FeedHub.StartAsync(null, "--RevocationFeed:MaxSubscribers=2");
        await using var first = await small.OpenAsync();
        await first.UntilCurrentAsync();
        await using (var second = await small.OpenAsync())
        {
            await second.UntilCurrentAsync();
            using var third = await small.GetAsync(await small.TokenAsync());
            Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(5), third.Headers.RetryAfter?.Delta);
        }

        await Eventually.TrueAsync(
            async () =>
            {
                using var again = await small.GetAsync(await small.TokenAsync());
                return again.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(10), "the place of the one that left is free");
    }

    [Fact]
    public async Task The_metadata_say_where_it_is()
    {
        var metadata = JsonNode.Parse(await _hub.Http.GetStringAsync("/.well-known/openid-configuration", TestContext.Current.CancellationToken))!;

        Assert.Equal("http://127.0.0.1/revocations", (string?)metadata["revocation_feed_endpoint"]);
    }

    [Fact]
    public async Task Access_tokens_are_for_the_hub_and_for_the_APIs_of_the_registration()
    {
        var token = new JsonWebToken(await _hub.TokenAsync("other", "other"));

        Assert.Equal("at+jwt", token.Typ);
        Assert.Equal(["http://127.0.0.1", "https://api.example.com", "urn:another"], token.Audiences);
        Assert.Equal(["http://127.0.0.1"], new JsonWebToken(await _hub.TokenAsync()).Audiences);
    }

    public sealed class OneHub : IAsyncLifetime
    {
        internal FeedHub Hub { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Hub = await FeedHub.StartAsync(null);

        public ValueTask DisposeAsync() => Hub.DisposeAsync();
    }

    private static async Task<List<string>> DescribeAsync(FeedTap tap, int count)
    {
        List<string> described = [];
        while (described.Count < count)
        {
            var next = await tap.NextRevocationAsync();
            described.Add($"{next.Type} {next.Sid}");
        }

        return described;
    }

    private static async Task<string?> ErrorAsync(HttpResponseMessage answer) =>
        (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["error"];

    /// <summary>A token of this hub's own key, good in every respect but those that are named.</summary>
    private async Task<string> SignAsync(Dictionary<string, object> claims, TimeSpan? expires = null, string type = "at+jwt", string status = "valid")
    {
        var (now, id) = (TimeProvider.System.GetUtcNow(), Guid.CreateVersion7().ToString());
        await _hub.DataAsync(async db =>
        {
            db.Add(new IssuedToken { Id = id, Status = status });
            return await db.SaveChangesAsync();
        });
        var all = new Dictionary<string, object>
        {
            ["iss"] = "http://127.0.0.1", ["aud"] = "http://127.0.0.1", ["sub"] = "api", ["client_id"] = "api", ["scope"] = "revocation_feed", ["oi_tkn_id"] = id,
            ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = (now + (expires ?? TimeSpan.FromMinutes(5))).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in claims)
        {
            all[name] = value;
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = all,
            TokenType = type,
            SigningCredentials = _hub.Services.GetRequiredService<KeyRing>().ActiveFor("RS256"),
        });
    }
}
