using System.Net;
using IdentityHub.Access;
using IdentityHub.Revocation;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Admin;

public sealed class EndManyPagesTests(StartedHub hub) : IClassFixture<StartedHub>
{
    private const string Page = "/admin/end-many";

    [Fact]
    public async Task What_would_end_is_shown_and_without_the_typed_words_nothing_ends()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        using var desk = hub.Visitor();
        await desk.SignInAsync(await hub.PersonAsync());
        hub.Clock.Move(TimeSpan.FromMinutes(2));
        var before = hub.Clock.GetUtcNow().AddMinutes(-1).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        await grace.ProveAsync();

        (await grace.Browser.GetAsync($"{Page}/preview?scope=before&before={Uri.EscapeDataString(before)}")).Shows($"To confirm, type {before}");
        foreach (var confirm in new[] { "", "yes", "everyone" })
        {
            var refused = await grace.Browser.PostFromAsync(Page + "/preview?scope=everyone", Page, ("scope", "before"), ("before", before), ("confirm", confirm));
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            refused.Shows("id=\"confirm-error\"");
        }

        (await desk.GetAsync("/")).Shows("Hello");
        Assert.Equal(0, await hub.DataAsync(db => db.Set<MassRevocation>().CountAsync(m => m.Initiator == $"admin:{grace.Person.Id}")));

        var started = await grace.Browser.PostFromAsync(Page + "/preview?scope=everyone", Page, ("scope", "before"), ("before", before), ("confirm", before));

        Assert.Matches($"^{Page}/[0-9a-f-]{{36}}$", started.Location);
        Assert.Equal("/sign-in", (await desk.GetAsync("/")).Location);
        await Eventually.TrueAsync(
            async () =>
            {
                // The runner looks once a second of the hub's clock.
                hub.Clock.Move(TimeSpan.FromSeconds(1));
                return await hub.DataAsync(db => db.Set<MassRevocation>().AnyAsync(m => m.Initiator == $"admin:{grace.Person.Id}" && m.State == MassRevocationState.Finished));
            },
            TimeSpan.FromSeconds(20), "the act is finished");
        using var other = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        (await other.Browser.GetAsync(Page)).Shows(before);
    }

    [Theory]
    [InlineData("", "Choose whose sessions end.")]
    [InlineData("scope=application", "Say which application")]
    [InlineData("scope=application&client=nobody", "No application is registered as nobody.")]
    [InlineData("scope=before&before=soon", "Write the instant like")]
    [InlineData("scope=before&before=2200-01-01", "lies in the future")]
    public async Task A_scope_that_cannot_be_is_refused_with_the_fix(string query, string sentence)
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);

        var answer = await grace.Browser.GetAsync($"{Page}/preview?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows(sentence);
    }
}
