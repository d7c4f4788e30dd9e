using System.Data;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Races;

/// <summary>What the rows say of a guest's session after a round, and what must be true of them and over HTTP.</summary>
internal sealed record Aftermath(SessionRow Session, IReadOnlyList<string> Participants, IReadOnlyList<string> Told, int LiveSessions, int LiveTokens, int LiveGrants)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>All of it as it was at one instant.</summary>
    public static Task<Aftermath> OfAsync(RaceHub hub, Guest guest) => hub.Inside.AskAsync(async db =>
    {
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        return await OfAsync(db, guest);
    });

    private static async Task<Aftermath> OfAsync(HubDb db, Guest guest) => new(
        await SessionRow.OfAsync(db, guest.SessionId),
        await db.Set<SessionParticipant>().Where(p => p.SessionId == guest.SessionId).OrderBy(p => p.ClientId).Select(p => p.ClientId).ToListAsync(),
        await db.Set<LogoutDelivery>().Where(d => d.SessionId == guest.SessionId).OrderBy(d => d.ClientId).Select(d => d.ClientId).ToListAsync(),
        await db.Set<UserSession>().CountAsync(s => s.UserId == guest.UserId && s.EndedAt == null),
        await db.Set<IssuedToken>().CountAsync(t => t.Subject == guest.UserId.ToString() && t.Status == "valid"),
        await db.Set<Grant>().CountAsync(g => g.Subject == guest.UserId.ToString() && g.Status == "valid"));

    /// <summary>I3: each participant of an ended session has exactly one delivery, and nobody else has one.</summary>
    public void AssertEverybodyIsToBeTold()
    {
        Assert.NotNull(Session.EndedAt);
        Assert.Equal(Participants, Told);
    }

    public void AssertNothingLives()
    {
        AssertEverybodyIsToBeTold();
        Assert.Equal((0, 0, 0), (LiveSessions, LiveTokens, LiveGrants));
    }

    /// <summary>A revocation is one act: at no instant is a part of it there and another not.</summary>
    public void AssertAllOrNothing()
    {
        if (Session.EndedAt is not null)
        {
            AssertNothingLives();
            return;
        }

        Assert.Empty(Told);
        Assert.Null(Session.RevocationId);
        Assert.Equal(1, LiveSessions);
        Assert.True(LiveTokens > 0, "The session lives, its tokens do not.");
    }

    /// <summary>I2, I4: nothing that anybody holds of this guest is good for anything, at any node.</summary>
    public static async Task AssertDeadAsync(RaceHub hub, Guest guest)
    {
        var back = new TokenClient(hub.Second);
        foreach (var browser in guest.Browsers)
        {
            var home = await browser.At(hub.Second).GetAsync("/");
            Assert.True(home.Shows("sign-in"), $"A cookie still opens {home.Address}: {home.Html}");
            Assert.Equal("login_required", (await browser.At(hub.First).AskSilentlyAsync(hub.Notes)).Error?.Code);
        }

        // Access tokens before codes and refresh tokens: using those a second time would revoke the family by itself.
        foreach (var (application, tokens) in guest.Tokens)
        {
            Assert.Equal(401, (await back.UserInfoAsync(tokens.AccessToken)).Error?.Status);
            Assert.False(await back.IsActiveAsync(application, tokens.AccessToken));
        }

        foreach (var (application, tokens) in guest.Tokens)
        {
            Assert.Equal("invalid_grant", (await back.RefreshAsync(application, tokens.RefreshToken)).Error?.Code);
        }

        foreach (var code in guest.Codes)
        {
            Assert.Equal("invalid_grant", (await back.RedeemAsync(code)).Error?.Code);
        }
    }

    /// <summary>Every delivery of these sessions was confirmed, and the applications themselves have heard each sid.</summary>
    public static async Task AssertEverybodyHeardAsync(RaceHub hub, IReadOnlyList<Guest> guests)
    {
        var sessions = guests.Select(g => g.SessionId).ToHashSet();
        List<LogoutDelivery> open = [];
        await Eventually.TrueAsync(
            async () => (open = await hub.Inside.AskAsync(db => db.Set<LogoutDelivery>().AsNoTracking()
                .Where(d => sessions.Contains(d.SessionId) && d.State != DeliveryState.Confirmed).ToListAsync())).Count == 0,
            Soon, "every delivery is confirmed", () => $"{open.Count} are not, the first: {open[0].ClientId} {open[0].State} {open[0].LastOutcome}.");
        var deliveries = await hub.Inside.AskAsync(db => db.Set<LogoutDelivery>().AsNoTracking().Where(d => sessions.Contains(d.SessionId)).ToListAsync());
        foreach (var application in hub.Applications)
        {
            var heard = application.Received.Select(r => r.Sid).ToHashSet();
            Assert.DoesNotContain(deliveries, d => d.ClientId == application.Settings.ClientId && !heard.Contains(d.Sid));
        }
    }
}
