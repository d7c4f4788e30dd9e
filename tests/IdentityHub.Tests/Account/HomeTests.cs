using System.Net;
using IdentityHub.Access;
using IdentityHub.Sessions;
using IdentityHub.Tests.Admin;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class HomeTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task Who_is_not_signed_in_is_sent_to_sign_in()
    {
        using var browser = hub.Visitor();

        var answer = await browser.GetAsync("/");

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal("/sign-in", answer.Location);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Theory]
    [InlineData(AdminRole.Viewer, true)]
    [InlineData(null, false)]
    public async Task The_way_to_the_administration_is_shown_to_administrators_alone(AdminRole? role, bool shown)
    {
        var ada = await hub.PersonAsync("Ada");
        using var browser = hub.Visitor();
        await browser.SignInAsync(ada);
        await AdminVisitor.SetRoleAsync(hub, ada, role);

        Assert.Equal(shown, (await browser.GetAsync("/")).Text.Contains("href=\"/admin\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shows_who_is_signed_in_and_the_applications_of_this_session_only()
    {
        var ada = await hub.PersonAsync("Ada <Lovelace>");
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await desk.SignInAsync(ada);
        var atDesk = await hub.DataAsync(db => db.Set<UserSession>().SingleAsync(s => s.UserId == ada.Id));
        await phone.SignInAsync(ada);
        var now = new DateTimeOffset(2026, 9, 28, 9, 41, 0, TimeSpan.Zero);
        await hub.DataAsync(async db =>
        {
            db.Add(new SessionParticipant { SessionId = atDesk.Id, ClientId = "notes", FirstSeenAt = now, LastCodeAt = now });
            return await db.SaveChangesAsync();
        });

        var page = await desk.GetAsync("/");

        page.Shows("Hello, Ada &lt;Lovelace&gt;");
        page.Shows(ada.Email!);
        page.Shows("One application is open in this session");
        page.Shows("<strong>Notes &amp; more</strong>");
        page.Shows("""<time datetime="2026-09-28T09:41:00Z">28 September 2026, 09:41 UTC</time>""");
        page.Shows("id=\"sign-out\"");
        Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
        (await phone.GetAsync("/")).Shows("No application is open in this session");
    }
}
