using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 30: passwords cannot be guessed fast, and guessing cannot be used to lock somebody out.</summary>
public sealed class Case_30_password_guessing
{
    [Fact]
    public async Task Who_guesses_waits_and_the_victim_does_not()
    {
        await using var clocked = await ClockedHub.StartAsync();
        var victim = await clocked.VisitorAsync();
        // The wait of ten seconds does not end while the machine is busy with twelve passwords.
        clocked.Clock.Stop();
        var knownBrowser = new Wire(clocked.Address);
        Assert.Equal("/", (await knownBrowser.ShowPasswordAsync(victim.Person)).Location?.AbsolutePath);
        knownBrowser.Cookies.Set("hub", "signed out");
        var attacker = new Wire(clocked.Address);

        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => new Wire(clocked.Address).ShowPasswordAsync(victim.Person, "not the password")));

        Assert.Equal(5, replies.Count(r => r.Status == 401));
        Assert.All(replies.Where(r => r.Status != 401), r => Assert.Equal((429, true), (r.Status, r.Headers.Contains("Retry-After"))));
        Assert.Equal(429, (await attacker.ShowPasswordAsync(victim.Person)).Status);
        Assert.True(await victim.IsAliveAsync(clocked.Notes.Settings), "The session of the victim lives on.");
        Assert.Equal("/", (await knownBrowser.ShowPasswordAsync(victim.Person)).Location?.AbsolutePath);
    }

    [Fact]
    public async Task The_wait_ends()
    {
        await using var clocked = await ClockedHub.StartAsync();
        var victim = await clocked.VisitorAsync();
        var stranger = new Wire(clocked.Address);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(401, (await stranger.ShowPasswordAsync(victim.Person, "not the password")).Status);
        }

        Assert.Equal(429, (await stranger.ShowPasswordAsync(victim.Person)).Status);
        clocked.Clock.Move(TimeSpan.FromSeconds(11));
        Assert.Equal(303, (await stranger.ShowPasswordAsync(victim.Person)).Status);
    }

    [Fact]
    public async Task Spraying_one_password_over_many_accounts_is_slowed_down_by_place()
    {
        await using var clocked = await ClockedHub.StartAsync();
        clocked.Clock.Stop();
        var stranger = new Wire(clocked.Address);
        var form = (await stranger.GetAsync("/sign-in")).Form("sign-in")!;
        var statuses = new List<int>();
        for (var i = 0; i < 101; i++)
        {
            // Too long for an address: refused at once, and counted like any other.
            statuses.Add((await stranger.PostAsync("/sign-in", form.Press("sign-in", ("email", $"{i}{new string('x', 300)}@example.com"), ("password", "Summer2026")))).Status);
        }

        Assert.Equal([.. Enumerable.Repeat(401, 100), 429], statuses);
    }
}
