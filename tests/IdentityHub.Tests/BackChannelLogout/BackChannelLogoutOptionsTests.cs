using IdentityHub.BackChannelLogout;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

public sealed class BackChannelLogoutOptionsTests
{
    [Fact]
    public void The_defaults_are_accepted() => Assert.Null(new BackChannelLogoutOptions().Refusal());

    [Fact]
    public void Each_bound_has_its_sentence()
    {
        Assert.Equal("BackChannelLogout:Timeout is 00:01:00; it must be between 1 and 30 seconds.", With(o => o.Timeout = TimeSpan.FromMinutes(1)));
        Assert.Equal("BackChannelLogout:Timeout is 00:00:00; it must be between 1 and 30 seconds.", With(o => o.Timeout = TimeSpan.Zero));
        Assert.Equal("BackChannelLogout:LogoutWait is 00:00:11; it must be between 0 and 10 seconds.", With(o => o.LogoutWait = TimeSpan.FromSeconds(11)));
        Assert.Equal("BackChannelLogout:SweepInterval is 00:00:00; it must be between 0.1 and 60 seconds.", With(o => o.SweepInterval = TimeSpan.Zero));
        Assert.Equal("BackChannelLogout:Lease is 00:00:09; it must be between 10 seconds and 10 minutes.", With(o => o.Lease = TimeSpan.FromSeconds(9)));
        Assert.Equal("BackChannelLogout:GiveUpAfter is 00:00:00; it must be between 1 minute and 30 days.", With(o => o.GiveUpAfter = TimeSpan.Zero));
        Assert.Equal("BackChannelLogout:PerRelyingParty is 0; it must be between 1 and 100.", With(o => o.PerRelyingParty = 0));
        Assert.Equal("BackChannelLogout:InFlight is 1001; it must be between 1 and 1000.", With(o => o.InFlight = 1001));
        Assert.Equal("BackChannelLogout:RingAgainWithin is 00:05:01; it must be between 0 and 300 seconds.", With(o => o.RingAgainWithin = TimeSpan.FromSeconds(301)));
        Assert.Equal("BackChannelLogout:RingAgainAfter is 00:00:00; it must be between 1 and 300 seconds.", With(o => o.RingAgainAfter = TimeSpan.Zero));
        Assert.Equal("BackChannelLogout:DrainWithin is 00:01:01; it must be between 0 and 60 seconds.", With(o => o.DrainWithin = TimeSpan.FromSeconds(61)));
        Assert.Equal("BackChannelLogout:BreakAfter is 0; it must be between 1 and 100.", With(o => o.BreakAfter = 0));
        Assert.Equal("BackChannelLogout:BreakFor is 00:00:00; it must be between 1 and 300 seconds.", With(o => o.BreakFor = TimeSpan.Zero));
    }

    [Fact]
    public void A_claim_outlives_an_attempt() => Assert.Equal(
        "BackChannelLogout:Lease is 00:00:30; it must be at least twice BackChannelLogout:Timeout, which is 00:00:20.",
        With(o => o.Timeout = TimeSpan.FromSeconds(20)));

    private static string? With(Action<BackChannelLogoutOptions> change)
    {
        var options = new BackChannelLogoutOptions();
        change(options);
        return options.Refusal();
    }
}
