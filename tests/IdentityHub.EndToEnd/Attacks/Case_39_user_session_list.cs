using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack case 39, the list of sessions: nobody ends another person's session by its identifier, ending one's own is a
/// sign-out, and a stolen cookie alone ends nothing (ASVS 7.5.2).
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_39_user_session_list(AttackedHub hub)
{
    [Fact]
    public async Task The_session_of_another_person_is_answered_like_one_that_does_not_exist()
    {
        var (attacker, victim) = (await hub.VisitorAsync(), await hub.VisitorAsync());
        var form = (await attacker.Wire.GetAsync("/account/sessions")).Form("end-all")!;

        var others = await EndAsync(attacker, form, await SessionIdAsync(victim));
        var nobodys = await EndAsync(attacker, form, Guid.CreateVersion7());

        Assert.Equal((404, 404), (others.Status, nobodys.Status));
        Assert.True(await victim.IsAliveAsync(hub.Notes.Settings));
        Assert.DoesNotContain((await SessionIdAsync(victim)).ToString(), (await attacker.Wire.GetAsync("/account/sessions")).Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Ending_the_present_one_is_a_sign_out_and_a_copy_is_dead()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var form = (await visitor.Wire.GetAsync("/account/sessions")).Form("end-all")!;
        var copy = visitor.Copy();

        var answer = await EndAsync(visitor, form, await SessionIdAsync(visitor));

        Assert.Equal("/account/ended", answer.Location?.AbsolutePath);
        Assert.False(await copy.IsAliveAsync(hub.Notes.Settings));
        await hub.Notes.WaitForConfirmedLogoutAsync(tokens.Sid, AttackedHub.Soon);
    }

    [Theory]
    [InlineData("/account/sessions/end")]
    [InlineData("/account/sessions/end-others")]
    [InlineData("/account/sessions/end-all")]
    public async Task Without_a_recent_proof_nothing_ends(string path)
    {
        var visitor = await hub.VisitorAsync();
        var form = (await visitor.Wire.GetAsync("/account/sessions")).Form("end-all")!;
        var id = await SessionIdAsync(visitor);
        await hub.Inside.AskAsync(db => db.Set<UserSession>().Where(s => s.Id == id)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.AuthenticatedAt, TimeProvider.System.GetUtcNow().AddMinutes(-6))));

        var answer = await visitor.Wire.PostAsync(path, [.. form.Fields, KeyValuePair.Create("session", id.ToString())]);

        Assert.Equal("/confirm-identity", answer.Location?.AbsolutePath);
        Assert.True(await visitor.IsAliveAsync(hub.Notes.Settings));
    }

    private static Task<Reply> EndAsync(Visitor visitor, Faults.HtmlForm form, Guid session) =>
        visitor.Wire.PostAsync("/account/sessions/end", [.. form.Fields, KeyValuePair.Create("session", session.ToString())]);

    private Task<Guid> SessionIdAsync(Visitor visitor) =>
        hub.Inside.AskAsync(db => db.Set<UserSession>().Where(s => s.User!.Email == visitor.Person.Email && s.EndedAt == null).Select(s => s.Id).SingleAsync());
}
