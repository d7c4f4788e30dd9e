using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 26: a sign-in that was begun in one browser is not finished in another.</summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_26_login_csrf(AttackedHub hub)
{
    [Theory]
    [InlineData("nothing")]
    [InlineData("a page of its own")]
    public async Task The_attackers_form_in_the_victims_browser_signs_nobody_in(string victimHas)
    {
        var (attacker, victim) = (await hub.VisitorAsync(), hub.Stranger());
        var form = (await hub.Stranger().GetAsync("/sign-in")).Form("sign-in")!;
        if (victimHas != "nothing")
        {
            await victim.GetAsync("/sign-in");
        }

        var reply = await victim.PostAsync("/sign-in", form.Press("sign-in", ("email", attacker.Person.Email), ("password", attacker.Person.Password)));

        Assert.Equal(400, reply.Status);
        Assert.Equal("form_expired", reply.Error);
        Assert.DoesNotContain("hub", victim.Cookies.Cookies.Keys);
    }

    [Fact]
    public async Task The_second_half_of_a_sign_in_belongs_to_the_browser_of_the_first()
    {
        var ada = await hub.VisitorAsync();
        var now = TimeProvider.System.GetUtcNow();
        var (app, _) = await ada.Wire.TurnOnAsync(now);
        var (first, second) = (hub.Stranger(), hub.Stranger());
        Assert.Equal("/sign-in/code", (await first.ShowPasswordAsync(ada.Person)).Location?.AbsolutePath);
        var form = (await first.GetAsync("/sign-in/code")).Form("continue")!.Press("continue", ("code", app.NextAfter(now)));

        Assert.Equal(400, (await second.PostAsync("/sign-in/code", form)).Status);
        var own = (await second.GetAsync("/sign-in")).Form("sign-in")!.Fields;
        var reply = await second.PostAsync("/sign-in/code", form.ToDictionary(f => f.Key, f => f.Key == "__RequestVerificationToken" ? own[f.Key] : f.Value));

        Assert.Equal("/sign-in", reply.Location?.AbsolutePath);
        Assert.DoesNotContain("hub", second.Cookies.Cookies.Keys);
    }
}
