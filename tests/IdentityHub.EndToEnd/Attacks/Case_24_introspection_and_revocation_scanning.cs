using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 24: introspection and revocation tell and do nothing for those they are not for (RFC 7662 §2.2, RFC 7009 §2).</summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_24_introspection_and_revocation_scanning(AttackedHub hub)
{
    private const string Inactive = """{"active":false}""";

    [Theory]
    [InlineData("/introspect")]
    [InlineData("/revoke")]
    public async Task Without_authentication_there_is_no_answer(string path)
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        Dictionary<string, string>[] attempts =
        [
            new() { ["token"] = tokens.AccessToken },
            new() { ["token"] = tokens.AccessToken, ["client_id"] = "notes" },
            new() { ["token"] = tokens.AccessToken, ["client_id"] = "notes", ["client_secret"] = "a guess" },
            new() { ["token"] = tokens.AccessToken, ["client_id"] = "nobody", ["client_secret"] = "a guess" },
        ];

        foreach (var attempt in attempts)
        {
            var reply = await hub.Stranger().PostAsync(path, attempt, ("Accept", "application/json"));
            Assert.Equal((401, "invalid_client"), (reply.Status, reply.Error));
        }

        Assert.True(await visitor.Driver.Back.IsActiveAsync(hub.Notes.Settings, tokens.AccessToken));
    }

    [Fact]
    public async Task A_failed_Basic_authentication_is_answered_in_kind()
    {
        var reply = await hub.Stranger().PostAsync("/token", [new("grant_type", "client_credentials")], ("Authorization", "Basic bm90ZXM6eA=="));

        Assert.Equal(401, reply.Status);
        Assert.StartsWith("Basic", reply.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.DoesNotContain("error_uri", reply.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tokens_of_another_client_look_like_none_and_live_on()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        foreach (var token in new[] { tokens.AccessToken, tokens.RefreshToken! })
        {
            Assert.Equal(Inactive, (await visitor.Driver.Back.IntrospectAsync(hub.Bank.Settings, token)).Expect().ToJsonString());
            Assert.True((await visitor.Driver.Back.RevokeAsync(hub.Bank.Settings, token)).Succeeded);
        }

        Assert.True(await visitor.Driver.Back.IsActiveAsync(hub.Notes.Settings, tokens.AccessToken));
        Assert.True((await visitor.Driver.Back.RefreshAsync(hub.Notes.Settings, tokens.RefreshToken)).Succeeded);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("e30.e30.e30")]
    [InlineData("an ID token")]
    public async Task What_is_no_token_for_these_endpoints_is_inactive_and_nothing_more(string token)
    {
        var visitor = await hub.VisitorAsync();
        token = token == "an ID token" ? (await visitor.Driver.EnterAsync(hub.Notes.Settings)).IdToken! : token;

        Assert.Equal(Inactive, (await visitor.Driver.Back.IntrospectAsync(hub.Notes.Settings, token)).Expect().ToJsonString());
        Assert.Equal(Inactive, (await visitor.Driver.Back.IntrospectAsync(hub.Bank.Settings, token)).Expect().ToJsonString());
        // RFC 7009 §2.2.1 has an error for a kind of token that cannot be revoked.
        Assert.Contains((await visitor.Driver.Back.RevokeAsync(hub.Notes.Settings, token)).Error?.Code, new[] { null, "unsupported_token_type" });
    }

    [Theory]
    [InlineData("refresh_token")]
    [InlineData("access_token")]
    [InlineData("no_such_type")]
    public async Task A_revoked_refresh_token_takes_its_grant_along_whatever_the_hint_says(string hint)
    {
        var (visitor, notes) = (await hub.VisitorAsync(), hub.Notes.Settings);
        var back = visitor.Driver.Back;
        var first = await visitor.Driver.EnterAsync(notes);
        var second = (await back.RefreshAsync(notes, first.RefreshToken)).Expect();
        var other = await visitor.Driver.EnterAsync(notes);

        var reply = await hub.Stranger().PostAsync("/revoke", new Dictionary<string, string>
        {
            ["token"] = second.RefreshToken!,
            ["token_type_hint"] = hint,
            ["client_id"] = notes.ClientId,
            ["client_secret"] = notes.ClientSecret!,
        });

        Assert.Equal(200, reply.Status);
        Assert.Equal("invalid_grant", (await back.RefreshAsync(notes, second.RefreshToken)).Error?.Code);
        Assert.Equal(401, (await back.UserInfoAsync(second.AccessToken)).Error?.Status);
        Assert.Equal(401, (await back.UserInfoAsync(first.AccessToken)).Error?.Status);
        // Another grant of the same client, and the session, are another matter.
        Assert.True((await back.RefreshAsync(notes, other.RefreshToken)).Succeeded);
        Assert.True(await visitor.IsAliveAsync(notes));
    }

    [Fact]
    public async Task A_revoked_access_token_is_dead_at_once()
    {
        var (visitor, notes) = (await hub.VisitorAsync(), hub.Notes.Settings);
        var tokens = await visitor.Driver.EnterAsync(notes);

        Assert.True((await visitor.Driver.Back.RevokeAsync(notes, tokens.AccessToken)).Succeeded);

        Assert.Equal(401, (await visitor.Driver.Back.UserInfoAsync(tokens.AccessToken)).Error?.Status);
        Assert.False(await visitor.Driver.Back.IsActiveAsync(notes, tokens.AccessToken));
    }
}
