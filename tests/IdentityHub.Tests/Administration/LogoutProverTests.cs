using System.Net;
using IdentityHub.Administration;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Testing;
using IdentityHub.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static IdentityHub.Tests.Administration.Applications;

namespace IdentityHub.Tests.Administration;

public sealed class LogoutProverTests(ReachableHub hub) : IClassFixture<ReachableHub>
{
    [Theory]
    [InlineData("query")]
    [InlineData("form_post")]
    public async Task An_application_that_ends_its_session_is_shown_to_be_dead(string responseMode)
    {
        await using var application = await ApplicationAsync();
        application.ResponseMode = responseMode;

        var proof = await ProveAsync(application);

        Assert.Equal(ProofOutcome.Dead, proof.Outcome);
        Assert.Equal(
            [
                (ProofStepKind.Opened, ProofSight.SentToHub), (ProofStepKind.SignedIn, ProofSight.Page), (ProofStepKind.ShownSignedIn, ProofSight.Page),
                (ProofStepKind.Ended, ProofSight.Done), (ProofStepKind.Told, ProofSight.Confirmed), (ProofStepKind.OpenedAgain, ProofSight.SentToHub),
            ],
            proof.ReadSteps().Select(s => (s.Kind, s.Seen)));
        Assert.DoesNotContain("code=", proof.Steps, StringComparison.Ordinal);
        Assert.Equal(0, application.Sessions);
    }

    [Fact]
    public async Task One_that_says_so_and_does_not_is_shown_to_be_alive()
    {
        await using var application = await ApplicationAsync();
        application.IgnoresLogout = true;

        var proof = await ProveAsync(application);

        Assert.Equal(ProofOutcome.StillAlive, proof.Outcome);
        Assert.Contains(proof.ReadSteps(), s => s is { Kind: ProofStepKind.Told, Seen: ProofSight.Confirmed });
        Assert.Equal(proof.Id, (await hub.ServiceAsync<LogoutProver, LogoutProof?>(p => p.LatestAsync(application.ClientId, Cancel)))!.Id);
    }

    [Fact]
    public async Task A_page_that_anybody_sees_shows_nothing()
    {
        await using var application = await ApplicationAsync();
        application.Before = _ => Results.Text("Hello, whoever you are.");

        var proof = await ProveAsync(application);

        Assert.Equal(ProofOutcome.CouldNotSignIn, proof.Outcome);
        Assert.Equal((ProofStepKind.Opened, ProofSight.Page, 200), (proof.ReadSteps()[^1].Kind, proof.ReadSteps()[^1].Seen, proof.ReadSteps()[^1].Status));
    }

    [Theory]
    // The address of a cloud's secrets: allowed to nobody.
    [InlineData("http://169.254.169.254/latest/meta-data", "https")]
    [InlineData("https://169.254.169.254/latest/meta-data", "link-local")]
    [InlineData("https://localhost:25/", "port")]
    public async Task A_redirect_leads_nowhere_that_could_not_be_registered(string inner, string words)
    {
        await using var application = await ApplicationAsync();
        application.Before = _ => Results.Redirect(inner);

        var proof = await ProveAsync(application);

        Assert.Equal(ProofOutcome.CouldNotSignIn, proof.Outcome);
        Assert.Equal(ProofSight.NoAnswer, proof.ReadSteps()[^1].Seen);
        Assert.Contains(words, proof.ReadSteps()[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_in_a_circle_come_to_an_end()
    {
        await using var application = await ApplicationAsync();
        application.Before = _ => Results.Redirect("/page");

        var proof = await ProveAsync(application);

        Assert.Equal(ProofOutcome.CouldNotSignIn, proof.Outcome);
        Assert.Contains("15 redirects", proof.ReadSteps()[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_left_signed_in_and_the_cookie_of_the_hub_stays_at_the_hub()
    {
        await using var application = await ApplicationAsync();
        var breaks = 0;
        // After the sign-in it fails: the trial ends in the middle.
        application.Before = context => context.Request.Cookies.ContainsKey("small") && Interlocked.Increment(ref breaks) > 1 ? Results.StatusCode(500) : null;

        var proof = await ProveAsync(application);

        Assert.Equal(ProofOutcome.CouldNotSignIn, proof.Outcome);
        Assert.NotNull(proof.RevocationId);
        var nobody = await hub.DataAsync(db => db.Users.SingleAsync(u => u.Synthetic, Cancel));
        Assert.Equal(0, await hub.DataAsync(db => db.Set<UserSession>().CountAsync(s => s.UserId == nobody.Id && s.EndedAt == null, Cancel)));
        Assert.Equal(0, await hub.DataAsync(db => db.Set<Consent>().CountAsync(c => c.UserId == nobody.Id, Cancel)));
        Assert.DoesNotContain(application.Cookies, c => c.Contains("hub=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_synthetic_person_has_no_way_to_sign_in()
    {
        var nobody = await hub.ServiceAsync<SyntheticPerson, User>(p => p.FindOrMakeAsync(Cancel));

        Assert.Null(nobody.PasswordHash);
        Assert.Null(await hub.ServiceAsync<UserManager<User>, User?>(users => users.FindByEmailAsync(nobody.Email!)));
        using var visitor = hub.Visitor();
        Assert.NotEqual(HttpStatusCode.SeeOther, (await visitor.SignInAsync(nobody, "")).Status);
        Assert.Null(visitor.SessionCookie);
        await Assert.ThrowsAsync<ArgumentException>(() => hub.ServiceAsync<SessionOpener, bool>(async opener =>
        {
            await opener.OpenSyntheticAsync(await hub.PersonAsync(), TimeSpan.FromMinutes(1));
            return true;
        }));
    }

    [Fact]
    public async Task Nothing_is_done_to_the_synthetic_person_as_to_somebody()
    {
        var nobody = await hub.ServiceAsync<SyntheticPerson, User>(p => p.FindOrMakeAsync(Cancel));
        foreach (var act in new Func<PersonActs, Task<PersonAct>>[]
        {
            acts => acts.EndAllAsync(nobody.Id, Root), acts => acts.DisableAsync(nobody.Id, Root), acts => acts.EnableAsync(nobody.Id, Root),
            acts => acts.RequireNewPasswordAsync(nobody.Id, Root), acts => acts.DeleteAsync(nobody.Id, Root),
        })
        {
            Assert.Equal(PersonRefusal.NotThere, (await hub.ServiceAsync(act)).Refusal);
        }

        Assert.Null(await hub.DataAsync(db => db.Users.Where(u => u.Id == nobody.Id).Select(u => u.DisabledAt).SingleAsync(Cancel)));
        // Nor to a session in which something is being proved.
        var session = await hub.ServiceAsync<SessionOpener, Guid>(async o => (await o.OpenSyntheticAsync(nobody, TimeSpan.FromMinutes(1))).Session.Id);
        Assert.Equal(PersonRefusal.NotThere, (await hub.ServiceAsync<PersonActs, PersonAct>(acts => acts.EndSessionAsync(nobody.Id, session, Root))).Refusal);
        Assert.NotEqual(Ended.Nothing, await hub.ServiceAsync<SessionRevoker, Ended>(r => r.EndSessionAsync(session, RevocationReason.SignedOut, Root)));
    }

    // Whose words of the search are missing is given them at the start; who is in no search never has any.
    [Fact]
    public async Task A_hub_that_has_proved_starts_again()
    {
        await hub.ServiceAsync<SyntheticPerson, User>(p => p.FindOrMakeAsync(Cancel));
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        Assert.Empty(await hub.ServiceAsync<Migrator, IReadOnlyList<string>>(m => m.MigrateAsync(bound.Token)));
    }

    private async Task<SmallApplication> ApplicationAsync()
    {
        var application = await SmallApplication.StartAsync();
        var registration = New(null, new Uri(application.Address, "/callback").AbsoluteUri);
        registration.BackChannelLogoutUri = new Uri(application.Address, "/logout").AbsoluteUri;
        registration.TestUri = new Uri(application.Address, "/page").AbsoluteUri;
        registration.RequireConsent = true;
        (application.Hub, application.ClientId, application.Secret) = (hub.Address, registration.ClientId, await hub.RegisterAsync(registration));
        return application;
    }

    private async Task<LogoutProof> ProveAsync(SmallApplication application) =>
        (await hub.ServiceAsync<LogoutProver, LogoutProof?>(p => p.ProveAsync(application.ClientId, Root, Cancel)))!;
}

/// <summary>A hub that can be reached at its issuer.</summary>
public sealed class ReachableHub : StartedHub
{
    protected override Task<string[]> SettingsAsync()
    {
        var address = $"http://localhost:{FreePorts.Next()}";
        return Task.FromResult<string[]>(["--urls", address, "--Hub:Issuer", address]);
    }
}
