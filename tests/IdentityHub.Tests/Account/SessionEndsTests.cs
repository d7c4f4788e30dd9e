using System.Globalization;
using System.Text.Json.Nodes;
using IdentityHub.Account;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

/// <summary>The warning before the idle end: true, one click, and no use by itself (ASVS 7.3.1; WCAG 2.2, 2.2.1).</summary>
public sealed class SessionEndsTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task Looking_how_much_time_is_left_does_not_keep_the_session_alive_and_one_click_does()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        await UsedAsync(ada, minutesAgo: 50);

        Assert.InRange(await LeftAsync(desk), 540, 600);
        Assert.InRange(await LeftAsync(desk), 540, 600);

        var page = await desk.GetAsync("/account/sessions");
        await UsedAsync(ada, minutesAgo: 50);
        var answer = await desk.PostAsync("/account/stay", ("return_url", "/account/sessions"), ("__RequestVerificationToken", page.FormToken!));

        Assert.Equal("/account/sessions", answer.Location);
        Assert.InRange(await LeftAsync(desk), 3540, 3600);
    }

    [Fact]
    public async Task Without_a_session_there_is_nothing_to_look_at()
    {
        using var stranger = hub.Visitor();

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await stranger.GetAsync("/account/session-ends")).Status);
    }

    [Fact]
    public async Task The_page_says_when_and_a_remembered_session_is_left_alone()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        var page = await desk.GetAsync("/account/sessions");
        page.Shows("If you do nothing, you are signed out at <time");
        Assert.Matches("data-ends=\"/account/session-ends\" data-warning=\"120\"", page.Text);
        page.Shows("id=\"stay\"");

        await hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == ada.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.Remembered, true)));

        (await desk.GetAsync("/account/sessions")).Hides("data-ends");
    }

    [Fact]
    public async Task Before_the_absolute_end_a_click_is_not_enough_and_the_page_says_so()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        var end = TimeProvider.System.GetUtcNow().AddMinutes(30);
        await hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == ada.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.ExpiresAt, end).SetProperty(x => x.AbsoluteExpiresAt, end)));

        var page = await desk.GetAsync("/account/sessions");

        page.Shows("Confirm that it is you to go on after that.");
        page.Hides("id=\"stay\"");
        page.Shows("href=\"/confirm-identity?return_url=%2Faccount%2Fsessions\"");
    }

    [Theory]
    [InlineData("00:01:00", 20)]
    [InlineData("00:05:00", 60)]
    [InlineData("01:00:00", 120)]
    public void The_warning_leaves_time_to_act(string idle, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), SessionEnds.Warning(TimeSpan.Parse(idle, CultureInfo.InvariantCulture)));

    private Task<int> UsedAsync(User user, int minutesAgo)
    {
        var then = TimeProvider.System.GetUtcNow().AddMinutes(-minutesAgo);
        return hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == user.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, then).SetProperty(x => x.ExpiresAt, then.AddHours(1))));
    }

    private static async Task<int> LeftAsync(Visitor visitor) =>
        (int)JsonNode.Parse((await visitor.GetAsync("/account/session-ends")).Text)!["seconds"]!;
}
