using IdentityHub.BackChannelLogout;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

public sealed class CircuitBreakerTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly CircuitBreaker _breaker = new(failures: 3, pause: TimeSpan.FromSeconds(5));

    [Fact]
    public void As_many_deliveries_in_a_row_as_are_needed_open_it()
    {
        Assert.False(Fail(1));
        Assert.False(Fail(2));
        Assert.Equal(BreakerState.Closed, _breaker.State(Now));

        Assert.True(Fail(3));

        Assert.Equal(BreakerState.Open, _breaker.State(Now.AddSeconds(4.9)));
        Assert.Equal(BreakerState.HalfOpen, _breaker.State(Now.AddSeconds(5)));
    }

    [Fact]
    public void One_delivery_that_fails_for_ever_opens_nothing()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.False(Fail(1));
        }

        Assert.Equal(BreakerState.Closed, _breaker.State(Now));
    }

    [Fact]
    public void An_answer_in_between_starts_the_count_anew()
    {
        Fail(1);
        Fail(2);
        Assert.False(_breaker.Answered());

        Assert.False(Fail(3));
        Assert.False(Fail(4));
        Assert.True(Fail(5));
    }

    [Fact]
    public void The_probe_closes_it_or_opens_it_for_as_long_again()
    {
        Open();

        Assert.False(Fail(9, seconds: 5));
        Assert.Equal(BreakerState.Open, _breaker.State(Now.AddSeconds(9.9)));
        Assert.Equal(BreakerState.HalfOpen, _breaker.State(Now.AddSeconds(10)));

        Assert.True(_breaker.Answered());
        Assert.Equal(BreakerState.Closed, _breaker.State(Now.AddSeconds(10)));
    }

    [Fact]
    public void What_was_under_way_when_it_opened_does_not_put_off_the_probe()
    {
        Open();

        Fail(9, seconds: 4);

        Assert.Equal(BreakerState.HalfOpen, _breaker.State(Now.AddSeconds(5)));
    }

    private void Open()
    {
        Fail(1);
        Fail(2);
        Fail(3);
    }

    private bool Fail(byte delivery, double seconds = 0) => _breaker.Failed(new Guid(delivery, 0, 0, new byte[8]), Now.AddSeconds(seconds));
}
