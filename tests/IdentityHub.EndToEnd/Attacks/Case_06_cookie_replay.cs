using IdentityHub.EndToEnd.Races;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack case 6: a copied cookie is worth nothing once the session is over, at every endpoint and on every node. The
/// other acts end sessions through the same door as the revocation by an administrator that is tried here.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_06_cookie_replay(AttackedHub hub, SharedServers servers)
{
    [Fact]
    public async Task After_sign_out()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var form = (await visitor.Wire.GetAsync("/end-session")).Form("sign-out")!;
        var thief = visitor.Copy();

        await visitor.Driver.EndSessionAsync(idTokenHint: tokens.IdToken);

        await AssertDeadAsync(thief, hub.Notes.Settings);
        // Nor does a form that was open before do anything but say so.
        Assert.Equal("/signed-out", (await thief.Wire.PostAsync("/sign-out", form.Fields)).Location?.AbsolutePath);
    }

    [Fact]
    public async Task After_an_administrator_revoked_the_person()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var person = Guid.Parse(tokens.Sub);

        await hub.Inside.ActAsync(services => services.GetRequiredService<SessionRevoker>()
            .EndPersonAsync(person, null, RevocationReason.RevokedByAdministrator, Initiator.System));

        await AssertDeadAsync(visitor.Copy(), hub.Notes.Settings);
        await hub.Notes.WaitForConfirmedLogoutAsync(tokens.Sid, AttackedHub.Soon);
    }

    [Fact]
    public async Task After_the_second_factor_was_turned_on()
    {
        var visitor = await hub.VisitorAsync();
        await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var thief = visitor.Copy();

        await visitor.Wire.TurnOnAsync(TimeProvider.System.GetUtcNow());

        await AssertDeadAsync(thief, hub.Notes.Settings);
    }

    [Theory]
    [InlineData("idle", 61)]
    [InlineData("absolute", 24 * 60 + 1)]
    public async Task After_the_session_ran_out_and_using_it_does_not_help(string which, int minutes)
    {
        await using var clocked = await ClockedHub.StartAsync();
        var (visitor, notes) = (await clocked.VisitorAsync(), clocked.Notes.Settings);
        var tokens = await visitor.Driver.EnterAsync(notes);
        var thief = visitor.Copy();
        if (which == "absolute")
        {
            // In use all the time: idle it is never.
            for (var passed = 50; passed < 24 * 60; passed += 50)
            {
                clocked.Clock.Move(TimeSpan.FromMinutes(50));
                Assert.True(await thief.IsAliveAsync(notes), $"after {passed} minutes");
                minutes -= 50;
            }
        }

        clocked.Clock.Move(TimeSpan.FromMinutes(minutes));

        await AssertDeadAsync(thief, notes);
        Assert.Equal("invalid_grant", (await thief.Driver.Back.RefreshAsync(notes, tokens.RefreshToken)).Error?.Code);
        Assert.False(await thief.Driver.Back.IsActiveAsync(notes, tokens.AccessToken));
        var expires = await clocked.ActAsync(services => services.GetRequiredService<Data.HubDb>().Set<UserSession>()
            .Where(session => session.Sid == tokens.Sid).Select(session => session.ExpiresAt).SingleAsync());
        Assert.True(expires <= clocked.Clock.GetUtcNow(), "No request after the end moved the end.");
    }

    [Fact]
    public async Task On_another_node_from_the_same_instant_on()
    {
        await using var notes = await Faults.RelyingPartyStub.StartAsync("notes");
        await using var nodes = await RaceHub.StartAsync(await (await servers.PostgresAsync()).CreateDatabaseAsync(), [notes]);
        var visitor = await Visitor.RegisterAsync(nodes.First, FirstLight.Person.New());
        var tokens = await visitor.Driver.EnterAsync(notes.Settings);
        var thief = visitor.Copy(nodes.Second);
        Assert.True(await thief.IsAliveAsync(notes.Settings));

        await visitor.Driver.EndSessionAsync(idTokenHint: tokens.IdToken);

        await AssertDeadAsync(thief, notes.Settings);
        Assert.Equal("invalid_grant", (await thief.Driver.Back.RefreshAsync(notes.Settings, tokens.RefreshToken)).Error?.Code);
    }

    private static async Task AssertDeadAsync(Visitor thief, RelyingPartySettings notes)
    {
        Assert.Equal("login_required", (await thief.Driver.AskSilentlyAsync(notes)).Error?.Code);
        Assert.Equal("/sign-in", (await thief.Wire.GetAsync("/")).Location?.AbsolutePath);
        Assert.Equal("/sign-in", (await thief.Wire.GetAsync(Requests.At("/authorize", Requests.Authorize(notes)))).Location?.AbsolutePath);
        Assert.Equal("/signed-out", (await thief.Copy().Wire.GetAsync("/end-session")).Location?.AbsolutePath);
        var page = await thief.Wire.GetAsync("/sign-in");
        Assert.DoesNotContain(thief.Person.Email, page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(thief.Person.Name, page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Headers["Set-Cookie"], cookie => cookie.StartsWith("hub=", StringComparison.Ordinal));
    }
}
