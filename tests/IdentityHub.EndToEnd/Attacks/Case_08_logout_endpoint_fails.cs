using System.Diagnostics;
using IdentityHub.BackChannelLogout;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack case 8: an application's logout endpoint fails in every way there is. The person is signed out within the
/// bound, the others hear at once, what may pass is tried again, what is refused is not, and the row says which.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_08_logout_endpoint_fails(AttackedHub hub)
{
    // BackChannelLogout:LogoutWait, and what a busy machine adds.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(0.2) + TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("hang", null)]
    [InlineData("reset", "the connection broke before an answer")]
    [InlineData("500", "answered 500")]
    [InlineData("503", "answered 503")]
    [InlineData("garbage", "the answer was not HTTP that can be read")]
    public async Task What_may_pass_is_tried_again_until_it_has(string kind, string? words)
    {
        hub.Bank.Answer = Broken(kind);
        var (sid, took) = await SignOutAsync();

        Assert.InRange(took, TimeSpan.Zero, Bound);
        await hub.Notes.WaitForConfirmedLogoutAsync(sid, Bound);
        // The hub may have answered before it tried.
        await hub.Bank.WaitForLogoutAsync(sid, Soon);
        if (words is not null)
        {
            await Eventually.TrueAsync(async () => (await RowAsync(sid)).LastOutcome == words, Soon, "the row says what happened");
            Assert.Equal(DeliveryState.Pending, (await RowAsync(sid)).State);
        }

        hub.Bank.Answer = BackChannelAnswer.Ok;
        await Eventually.TrueAsync(async () => (await RowAsync(sid)).State is DeliveryState.Confirmed, Soon, "it was tried again");
        Assert.True((await RowAsync(sid)).Attempts >= 2);
    }

    [Theory]
    [InlineData("400", "answered 400: refused")]
    [InlineData("302", "answered 302: redirects are not followed")]
    public async Task What_is_refused_is_not_tried_again(string kind, string words)
    {
        hub.Bank.Answer = Broken(kind);
        var (sid, took) = await SignOutAsync();
        await Eventually.TrueAsync(async () => (await RowAsync(sid)).State is DeliveryState.Rejected, Soon, "it is rejected");

        hub.Bank.Answer = BackChannelAnswer.Ok;
        var (other, _) = await SignOutAsync();
        await hub.Bank.WaitForConfirmedLogoutAsync(other, Soon);

        Assert.InRange(took, TimeSpan.Zero, Bound);
        var row = await RowAsync(sid);
        Assert.Equal((DeliveryState.Rejected, 1, words), (row.State, row.Attempts, row.LastOutcome));
        Assert.Single(hub.Bank.Received, logout => logout.Sid == sid);
        Assert.Equal(0, hub.Bank.RedirectsFollowed);
    }

    [Theory]
    [InlineData("slow-body")]
    [InlineData("endless-body")]
    public async Task A_body_without_end_is_cut_and_the_status_counts(string kind)
    {
        hub.Bank.Answer = Broken(kind);
        var (sid, took) = await SignOutAsync();

        Assert.InRange(took, TimeSpan.Zero, Bound);
        await Eventually.TrueAsync(async () => (await RowAsync(sid)).State is DeliveryState.Confirmed, Soon, "its 200 counts");
        hub.Bank.Answer = BackChannelAnswer.Ok;
    }

    private async Task<(string Sid, TimeSpan Took)> SignOutAsync()
    {
        var visitor = await hub.VisitorAsync();
        await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var tokens = await visitor.Driver.EnterAsync(hub.Bank.Settings);
        var started = Stopwatch.GetTimestamp();
        await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken));
        var took = Stopwatch.GetElapsedTime(started);
        Assert.False(await visitor.IsAliveAsync(hub.Notes.Settings));
        return (tokens.Sid, took);
    }

    private Task<LogoutDelivery> RowAsync(string sid) => hub.Inside.AskAsync(db => db.Set<LogoutDelivery>().AsNoTracking().SingleAsync(d => d.Sid == sid && d.ClientId == "bank"));

    private BackChannelAnswer Broken(string kind) => kind switch
    {
        "hang" => new BackChannelAnswer.Hang(),
        "reset" => new BackChannelAnswer.Reset(),
        "garbage" => new BackChannelAnswer.Garbage(),
        "302" => new BackChannelAnswer.Redirect(hub.Bank.RedirectTarget),
        "slow-body" => new BackChannelAnswer.SlowBody(TimeSpan.FromMilliseconds(100)),
        "endless-body" => new BackChannelAnswer.EndlessBody(),
        _ => new BackChannelAnswer.Status(int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
