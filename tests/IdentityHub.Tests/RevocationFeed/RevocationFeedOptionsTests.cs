using IdentityHub.RevocationFeed;
using Xunit;

namespace IdentityHub.Tests.RevocationFeed;

public sealed class RevocationFeedOptionsTests
{
    [Fact]
    public void The_defaults_are_in_bounds() => Assert.Null(new RevocationFeedOptions().Refusal());

    [Fact]
    public void Each_bound_is_named_with_its_setting()
    {
        Assert.Equal("RevocationFeed:KeepFor is 00:09:59; it must be between 10 minutes and 7 days.", new RevocationFeedOptions { KeepFor = new(0, 9, 59) }.Refusal());
        Assert.Equal("RevocationFeed:Heartbeat is 00:00:31; it must be between 0.2 and 30 seconds.", new RevocationFeedOptions { Heartbeat = new(0, 0, 31) }.Refusal());
        Assert.Equal("RevocationFeed:LookInterval is 00:00:00; it must be between 0.05 and 5 seconds.", new RevocationFeedOptions { LookInterval = TimeSpan.Zero }.Refusal());
        Assert.Equal("RevocationFeed:WriteWithin is 00:03:00; it must be between 1 and 120 seconds.", new RevocationFeedOptions { WriteWithin = new(0, 3, 0) }.Refusal());
        Assert.Equal("RevocationFeed:MaxSubscribers is 0; it must be between 1 and 100000.", new RevocationFeedOptions { MaxSubscribers = 0 }.Refusal());
        Assert.Equal("RevocationFeed:Backlog is 15; it must be between 16 and 100000.", new RevocationFeedOptions { Backlog = 15 }.Refusal());
    }
}
