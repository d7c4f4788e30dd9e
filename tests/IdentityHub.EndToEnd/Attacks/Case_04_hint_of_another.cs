using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 4: a genuine hint that is not about the person and session at hand asks, and one that is too old does not.</summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_04_hint_of_another(AttackedHub hub)
{
    private Uri SignedOut => hub.Notes.Settings.PostLogoutRedirectUris[0];

    [Fact]
    public async Task A_client_id_that_is_not_the_hints_is_an_error_and_ends_nothing()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);

        var reply = await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, SignedOut, "s", "bank"));

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Error));
        Assert.True(await visitor.IsAliveAsync(hub.Notes.Settings));
    }

    [Fact]
    public async Task The_hint_of_another_person_asks_and_ends_nobodys_session()
    {
        var (victim, attacker) = (await hub.VisitorAsync(), await hub.VisitorAsync());
        await victim.Driver.EnterAsync(hub.Notes.Settings);
        var tokens = await attacker.Driver.EnterAsync(hub.Notes.Settings);

        var reply = await victim.Wire.GetAsync(Requests.EndSession(tokens.IdToken, SignedOut, "s"));

        Assert.True(reply.Shows("sign-out"));
        Assert.True(await victim.IsAliveAsync(hub.Notes.Settings));
        Assert.True(await attacker.IsAliveAsync(hub.Notes.Settings));
    }

    [Fact]
    public async Task The_hint_of_an_ended_session_asks_in_the_next_one()
    {
        var visitor = await hub.VisitorAsync();
        var before = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        await visitor.Driver.EndSessionAsync(idTokenHint: before.IdToken);
        await visitor.Driver.SignInAsync(visitor.Person.Email, visitor.Person.Password);

        var reply = await visitor.Wire.GetAsync(Requests.EndSession(before.IdToken, SignedOut, "s"));

        Assert.True(reply.Shows("sign-out"));
        Assert.True(await visitor.IsAliveAsync(hub.Notes.Settings));
    }

    [Fact]
    public async Task An_expired_hint_of_the_present_session_is_as_good_as_a_fresh_one()
    {
        await using var clocked = await ClockedHub.StartAsync();
        var (visitor, notes) = (await clocked.VisitorAsync(), clocked.Notes.Settings);
        var tokens = await visitor.Driver.EnterAsync(notes);
        clocked.Clock.Move(TimeSpan.FromMinutes(40));
        Assert.True((long)tokens.IdTokenClaims["exp"]! < clocked.Clock.GetUtcNow().ToUnixTimeSeconds());

        var silent = Requests.Authorize(notes);
        silent["prompt"] = "none";
        silent["id_token_hint"] = tokens.IdToken!;
        var authorized = await visitor.Wire.GetAsync(Requests.At("/authorize", silent));
        var reply = await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, notes.PostLogoutRedirectUris[0], "s"));

        Assert.True(authorized.Query.ContainsKey("code"), authorized.Error);
        Assert.Equal($"{notes.PostLogoutRedirectUris[0]}?state=s", reply.Location?.AbsoluteUri);
        Assert.False(await visitor.IsAliveAsync(notes));
    }

    [Fact]
    public async Task A_hint_signed_by_a_retired_key_is_still_one_of_ours()
    {
        await using var clocked = await ClockedHub.StartAsync();
        var (visitor, notes) = (await clocked.VisitorAsync(), clocked.Notes.Settings);
        var tokens = await visitor.Driver.EnterAsync(notes);
        // The successor is published, then signs.
        clocked.Clock.Move(TimeSpan.FromDays(89.5));
        await clocked.ReloadKeysAsync();
        clocked.Clock.Move(TimeSpan.FromDays(2));
        await clocked.ReloadKeysAsync();
        await visitor.Driver.SignInAsync(visitor.Person.Email, visitor.Person.Password);
        var now = await visitor.Driver.EnterAsync(notes);
        Assert.NotEqual((string?)Forged.Part(tokens.IdToken!, 0)["kid"], (string?)Forged.Part(now.IdToken!, 0)["kid"]);
        await visitor.Driver.EndSessionAsync(idTokenHint: now.IdToken);

        // Only a hint that could be verified says whose address this is.
        var reply = await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, notes.PostLogoutRedirectUris[0], "s"));

        Assert.Equal($"{notes.PostLogoutRedirectUris[0]}?state=s", reply.Location?.AbsoluteUri);
    }
}
