using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 35: codes of an authenticator, replayed and guessed.</summary>
public sealed class Case_35_codes
{
    [Fact]
    public async Task A_code_counts_once_also_in_parallel_and_so_does_none_before_it()
    {
        await using var hub = await ClockedHub.StartAsync();
        var (visitor, app, _) = await WithSecondFactorAsync(hub);
        var halfway = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            var wire = new Wire(hub.Address);
            await wire.ShowPasswordAsync(visitor.Person);
            return wire;
        }));
        hub.Clock.Move(TimeSpan.FromSeconds(60));
        var now = hub.Clock.GetUtcNow();

        var replies = await Task.WhenAll(halfway.Select(wire => wire.ShowCodeAsync(app.CodeAt(now))));

        Assert.Single(replies, r => r.Status == 303);
        Assert.Equal(5, replies.Count(r => r.Status == 401));
        var next = new Wire(hub.Address);
        await next.ShowPasswordAsync(visitor.Person);
        Assert.Equal(401, (await next.ShowCodeAsync(app.CodeAt(now.AddSeconds(-30)))).Status);
        Assert.Equal(401, (await next.ShowCodeAsync(app.CodeAt(now.AddSeconds(90)))).Status);
        Assert.Equal(303, (await next.ShowCodeAsync(app.CodeAt(hub.Clock.GetUtcNow().AddSeconds(30)))).Status);
    }

    [Fact]
    public async Task Ten_guesses_and_then_a_wait_that_ends_no_session()
    {
        await using var hub = await ClockedHub.StartAsync();
        var (visitor, app, recovery) = await WithSecondFactorAsync(hub);
        var thief = new Wire(hub.Address);
        await thief.ShowPasswordAsync(visitor.Person);

        var guesses = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => thief.ShowCodeAsync($"{i:D6}")));

        Assert.Equal(10, guesses.Count(r => r.Status == 401));
        Assert.All(guesses.Where(r => r.Status != 401), r => Assert.Equal((429, true), (r.Status, r.Headers.Contains("Retry-After"))));
        hub.Clock.Move(TimeSpan.FromSeconds(30));
        Assert.Equal(429, (await thief.ShowCodeAsync(app.CodeAt(hub.Clock.GetUtcNow()))).Status);
        Assert.Equal(429, (await thief.ShowCodeAsync(recovery[0])).Status);
        Assert.True(await visitor.IsAliveAsync(hub.Notes.Settings));
        hub.Clock.Move(TimeSpan.FromSeconds(31));
        Assert.Equal(303, (await thief.ShowCodeAsync(recovery[0])).Status);
    }

    [Fact]
    public async Task A_secret_that_was_not_confirmed_signs_nobody_in_and_enrolment_needs_a_recent_proof()
    {
        await using var hub = await ClockedHub.StartAsync();
        var visitor = await hub.VisitorAsync();
        var page = await visitor.Wire.GetAsync("/account/second-factor");
        var form = page.Form("set-up")!;
        var pending = new AuthenticatorApp(HtmlForm.TextOf(page.Body, "secret")!);

        Assert.Equal("/", (await new Wire(hub.Address).ShowPasswordAsync(visitor.Person)).Location?.AbsolutePath);
        hub.Clock.Move(TimeSpan.FromMinutes(6));
        var late = await visitor.Wire.PostAsync("/account/second-factor", form.Press("set-up", ("code", pending.CodeAt(hub.Clock.GetUtcNow()))));
        Assert.Equal("/confirm-identity", late.Location?.AbsolutePath);
        // The form of one person in the session of another.
        var other = await hub.VisitorAsync();
        var foreign = (await other.Wire.GetAsync("/account/second-factor")).Form("set-up")!.Press("set-up", ("code", pending.CodeAt(hub.Clock.GetUtcNow())));
        var stolen = foreign.ToDictionary(f => f.Key, f => f.Key == "secret" ? form.Fields["secret"] : f.Value);
        Assert.Equal("/account/second-factor", (await other.Wire.PostAsync("/account/second-factor", stolen)).Location?.AbsolutePath);
        Assert.Equal("/", (await new Wire(hub.Address).ShowPasswordAsync(other.Person)).Location?.AbsolutePath);
    }

    internal static async Task<(Visitor Visitor, AuthenticatorApp App, IReadOnlyList<string> RecoveryCodes)> WithSecondFactorAsync(ClockedHub hub)
    {
        var visitor = await hub.VisitorAsync();
        var (app, codes) = await visitor.Wire.TurnOnAsync(hub.Clock.GetUtcNow());
        return (visitor, app, codes);
    }
}
