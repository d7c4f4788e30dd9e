using FsCheck.Xunit;
using IdentityHub.BackChannelLogout;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

public sealed class RetryRuleTests
{
    private const double AlmostOne = 0.999999;
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Horizon = Now.AddHours(24);
    private static readonly DeliveryOutcome Failed = new DeliveryOutcome.Retry(503, "answered 503");

    [Fact]
    public void Confirmed_and_rejected_are_over()
    {
        Assert.Equal((DeliveryState.Confirmed, (DateTimeOffset?)null), RetryRule.After(new DeliveryOutcome.Confirmed(200), 1, Now, Horizon, 0.5));
        Assert.Equal((DeliveryState.Rejected, (DateTimeOffset?)null), RetryRule.After(new DeliveryOutcome.Rejected(400, ""), 1, Now, Horizon, 0.5));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(8, 128)]
    [InlineData(9, 256)]
    [InlineData(10, 300)]
    [InlineData(11, 300)]
    [InlineData(int.MaxValue, 300)]
    public void The_span_doubles_from_a_second_to_five_minutes(int attempts, int seconds)
    {
        var (state, next) = RetryRule.After(Failed, attempts, Now, Horizon, AlmostOne);

        Assert.Equal(DeliveryState.Pending, state);
        Assert.Equal(seconds, (next!.Value - Now).TotalSeconds, tolerance: 0.01);
    }

    [Fact]
    public void The_whole_span_is_diced()
    {
        Assert.Equal(Now, RetryRule.After(Failed, 5, Now, Horizon, 0).NextAttemptAt);
        Assert.Equal(Now.AddSeconds(8), RetryRule.After(Failed, 5, Now, Horizon, 0.5).NextAttemptAt);
    }

    [Fact]
    public void An_application_that_asks_for_time_gets_it_up_to_an_hour()
    {
        Assert.Equal(Now.AddSeconds(90), After(TimeSpan.FromSeconds(90)));
        Assert.Equal(Now.AddHours(1), After(TimeSpan.FromDays(365)));
        Assert.Equal(Now.AddSeconds(0.5), After(TimeSpan.FromSeconds(-5)));
        Assert.Equal(Now.AddSeconds(0.5), After(TimeSpan.Zero));

        static DateTimeOffset? After(TimeSpan asked) =>
            RetryRule.After(new DeliveryOutcome.Retry(429, "answered 429", asked), 1, Now, Horizon, 0.5).NextAttemptAt;
    }

    [Fact]
    public void The_last_attempt_is_at_the_horizon_and_then_it_is_unconfirmed()
    {
        var nearly = Horizon.AddSeconds(-10);

        Assert.Equal((DeliveryState.Pending, (DateTimeOffset?)Horizon), RetryRule.After(Failed, 20, nearly, Horizon, AlmostOne));
        Assert.Equal(DeliveryState.Unconfirmed, RetryRule.After(Failed, 21, Horizon, Horizon, AlmostOne).State);
        Assert.Equal(DeliveryState.Confirmed, RetryRule.After(new DeliveryOutcome.Confirmed(204), 21, Horizon.AddHours(1), Horizon, AlmostOne).State);
    }

    [Fact]
    public void What_a_stopping_node_gave_back_is_due_at_once_and_beyond_the_horizon_as_well()
    {
        Assert.Equal((DeliveryState.Pending, (DateTimeOffset?)Now), RetryRule.After(new DeliveryOutcome.GivenBack(), 9, Now, Horizon, AlmostOne));
        Assert.Equal((DeliveryState.Pending, (DateTimeOffset?)Horizon), RetryRule.After(new DeliveryOutcome.GivenBack(), 9, Horizon, Horizon, AlmostOne));
    }

    [Property]
    public bool A_failure_is_tried_again_between_now_and_the_horizon(uint attempts, ushort dice, uint asked, uint left)
    {
        var giveUpAt = Now.AddSeconds(left % 100_000 + 1);
        var failure = new DeliveryOutcome.Retry(503, "", TimeSpan.FromSeconds(asked));

        var (state, next) = RetryRule.After(failure, (int)(attempts % 10_000) + 1, Now, giveUpAt, dice / 65536.0);

        return state is DeliveryState.Pending && next >= Now && next <= giveUpAt;
    }
}
