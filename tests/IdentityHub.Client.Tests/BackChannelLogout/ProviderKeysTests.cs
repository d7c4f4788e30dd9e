using System.Net;
using IdentityHub.Client.Provider;
using IdentityHub.Client.Tests.Testing;

namespace IdentityHub.Client.Tests.BackChannelLogout;

/// <summary>How the receiver learns new keys, and what it says when it cannot.</summary>
public sealed class ProviderKeysTests
{
    [Fact]
    public async Task The_first_token_after_a_key_rotation_is_accepted()
    {
        await using var app = await Application.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"))).StatusCode);
        app.Time.Advance(ProviderMetadata.LookUpInterval);

        app.Provider.Rotate(publish: true);

        Assert.Equal(HttpStatusCode.OK, (await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s2"))).StatusCode);
    }

    [Fact]
    public async Task A_flood_of_invented_keys_makes_one_look_up_per_interval()
    {
        await using var app = await Application.StartAsync();
        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"));
        app.Time.Advance(ProviderMetadata.LookUpInterval);
        var before = app.Provider.MetadataFetches;

        app.Provider.Rotate(publish: false);
        for (var i = 0; i < 20; i++)
        {
            await ReceiverTests.AssertRefused(await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1")), "unknown key");
        }

        Assert.Equal(before + 1, app.Provider.MetadataFetches);
    }

    [Fact]
    public async Task While_the_keys_cannot_be_fetched_the_answer_asks_for_a_repetition_and_nothing_is_remembered()
    {
        await using var app = await Application.StartAsync();
        var token = app.Provider.LogoutToken(sid: "s1");

        app.Provider.Down = true;
        var answer = await app.PostLogoutAsync(token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());

        app.Provider.Down = false;
        app.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await app.PostLogoutAsync(token)).StatusCode);
    }

    [Fact]
    public async Task Keys_that_are_known_serve_on_while_the_provider_is_down()
    {
        await using var app = await Application.StartAsync();
        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"));

        app.Provider.Down = true;
        app.Time.Advance(TimeSpan.FromHours(3));

        Assert.Equal(HttpStatusCode.OK, (await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s2"))).StatusCode);
    }

    [Fact] // Discovery §4.3
    public async Task Metadata_of_another_issuer_is_not_used()
    {
        await using var app = await Application.StartAsync();
        app.Provider.Issuer = "https://elsewhere.example";

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"))).StatusCode);
    }

    [Fact] // garbage with an invented key must not hold up the real thing
    public async Task While_a_look_up_hangs_tokens_with_known_keys_are_answered()
    {
        await using var app = await Application.StartAsync();
        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"));
        var known = app.Provider.LogoutToken(sid: "s2");
        app.Time.Advance(ProviderMetadata.LookUpInterval);
        var (asked, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        app.Provider.WhileFetchingMetadata = () =>
        {
            asked.TrySetResult();
            return goOn.Task;
        };

        app.Provider.Rotate(publish: true);
        var waiting = app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s3"));
        await asked.Task;

        Assert.Equal(HttpStatusCode.OK, (await app.PostLogoutAsync(known)).StatusCode);
        Assert.False(waiting.IsCompleted);
        goOn.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await waiting).StatusCode);
    }

    [Fact] // or everybody in line would wait for a time-out of his own, one after the other
    public async Task Who_waits_while_a_fetch_fails_shares_its_failure()
    {
        await using var app = await Application.StartAsync();
        var (asked, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        app.Provider.BendMetadata = m => m["issuer"] = "https://elsewhere.example";
        app.Provider.WhileFetchingMetadata = () =>
        {
            asked.TrySetResult();
            return goOn.Task;
        };

        var posts = Enumerable.Range(0, 5).Select(_ => app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"))).ToList();
        await asked.Task;
        app.Time.Advance(TimeSpan.FromSeconds(10)); // a time-out
        goOn.SetResult();

        Assert.All(await Task.WhenAll(posts), answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode));
        Assert.Equal(1, app.Provider.MetadataFetches);
    }
}
