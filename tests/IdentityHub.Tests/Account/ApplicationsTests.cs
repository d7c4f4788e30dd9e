using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class ApplicationsTests(StartedHub hub) : IClassFixture<StartedHub>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Shows_what_an_application_has_since_when_and_when_it_was_last_used()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        await ConnectAsync(ada);

        var page = await desk.GetAsync("/account/applications");

        page.Shows("One application has access to your account.");
        Assert.Matches("(?s)Notes &amp; more</strong>.*Knows that it is you.*Sees your name.*Stays connected when you are not there.*Connected since <time datetime=\"2026-01-02T00:00:00Z\".*Last used <time datetime=\"2026-01-05T00:00:00Z\".*Open in one session", page.Text);
    }

    [Fact]
    public async Task An_empty_list_says_so()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        (await desk.GetAsync("/account/applications")).Shows("No application has access to your account.");
    }

    [Fact]
    public async Task Withdrawing_asks_first_then_ends_it_and_says_what_became_of_it()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        await ConnectAsync(ada);

        var question = await desk.GetAsync("/account/applications/withdraw?client=notes");
        question.Shows("also what it keeps while you are away");
        question.Shows("of the session it is open in");
        var answer = await desk.FillAsync("/account/applications/withdraw?client=notes", ("client", "notes"));

        var page = await desk.GetAsync(answer.Location!);
        page.Shows("The access is withdrawn");
        page.Shows("It could not be told.");
        page.Shows("You are still signed in here.");
        (await desk.GetAsync("/account/applications")).Shows("No application has access to your account.");
        Assert.Equal("revoked", await hub.DataAsync(db => db.Set<Grant>().Where(g => g.Subject == ada.Subject).Select(g => g.Status).SingleAsync()));
    }

    [Fact]
    public async Task What_is_not_connected_cannot_be_withdrawn_from()
    {
        var (ada, bob) = (await hub.PersonAsync(), await hub.PersonAsync());
        await ConnectAsync(bob);
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        Assert.Equal("/account/applications", (await desk.GetAsync("/account/applications/withdraw?client=notes")).Location);
        var token = (await desk.GetAsync("/account/sessions")).FormToken!;
        Assert.Equal("/account/applications", (await desk.PostAsync("/account/applications/withdraw", ("client", "notes"), ("__RequestVerificationToken", token))).Location);
        Assert.True(await hub.DataAsync(db => db.Set<Consent>().AnyAsync(c => c.UserId == bob.Id)));
    }

    [Fact]
    public async Task It_needs_a_recent_proof_and_the_proof_of_the_form()
    {
        var ada = await hub.PersonAsync();
        await ConnectAsync(ada);
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        var token = (await desk.GetAsync("/account/sessions")).FormToken!;
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await desk.PostAsync("/account/applications/withdraw", ("client", "notes"))).Status);
        await hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == ada.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.AuthenticatedAt, Now.AddMinutes(-6))));

        var answer = await desk.PostAsync("/account/applications/withdraw", ("client", "notes"), ("__RequestVerificationToken", token));

        Assert.StartsWith("/confirm-identity", answer.Location, StringComparison.Ordinal);
        Assert.True(await hub.DataAsync(db => db.Set<Consent>().AnyAsync(c => c.UserId == ada.Id)));
    }

    /// <summary>A permission, a grant with a token, and a session with Notes in it, where one is.</summary>
    private Task ConnectAsync(User user) => hub.DataAsync(async db =>
    {
        var notes = await db.Set<RelyingParty>().SingleAsync(r => r.ClientId == "notes");
        db.Add(new Consent { UserId = user.Id, ClientId = "notes", Scopes = "openid profile", GrantedAt = Day(3) });
        var grant = new Grant { ApplicationId = notes.Id, Subject = user.Subject, Status = "valid", Scopes = """["openid","offline_access"]""", Offline = true, CreationDate = Day(2).UtcDateTime };
        db.Add(grant);
        db.Add(new IssuedToken { Authorization = grant, ApplicationId = notes.Id, Subject = user.Subject, Status = "valid", CreationDate = Day(5).UtcDateTime });
        db.AddRange((await db.Set<UserSession>().Where(s => s.UserId == user.Id).ToListAsync())
            .Select(s => new SessionParticipant { SessionId = s.Id, ClientId = "notes", FirstSeenAt = Day(4), LastCodeAt = Day(4) }));
        return await db.SaveChangesAsync();
    });

    private static DateTimeOffset Day(int day) => new(2026, 1, day, 0, 0, 0, TimeSpan.Zero);
}
