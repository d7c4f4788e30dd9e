using IdentityHub.BackChannelLogout;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

public sealed class InFlightTests
{
    [Fact]
    public void Room_and_load_are_counted()
    {
        var inFlight = new InFlight(limit: 3, perRelyingParty: 2);
        inFlight.Begin("a");
        inFlight.Begin("a");

        Assert.Equal(1, inFlight.Look().Room);
        Assert.Equal(2, inFlight.Look().Busy["a"]);

        inFlight.End("a");
        inFlight.End("a");

        Assert.Equal(3, inFlight.Look().Room);
        Assert.Empty(inFlight.Look().Busy);
    }

    [Fact]
    public void An_end_tells_whether_something_may_have_been_kept_waiting()
    {
        var inFlight = new InFlight(limit: 3, perRelyingParty: 2);
        inFlight.Begin("a");
        Assert.False(inFlight.End("a"));

        inFlight.Begin("a");
        inFlight.Begin("a");
        Assert.True(inFlight.End("a"));
        Assert.False(inFlight.End("a"));

        inFlight.Begin("a");
        inFlight.Begin("b");
        inFlight.Begin("c");
        Assert.True(inFlight.End("c"));
        Assert.False(inFlight.End("b"));
    }
}
