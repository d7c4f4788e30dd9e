using IdentityHub.BackChannelLogout;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

public sealed class DeliveryOutcomeTests
{
    [Fact]
    public void Every_status_has_the_outcome_of_the_table()
    {
        for (var status = 100; status < 600; status++)
        {
            var expected = status switch
            {
                200 or 204 => typeof(DeliveryOutcome.Confirmed),
                408 or 425 or 429 => typeof(DeliveryOutcome.Retry),
                < 500 => typeof(DeliveryOutcome.Rejected),
                _ => typeof(DeliveryOutcome.Retry),
            };

            var outcome = DeliveryOutcome.OfStatus(status);

            Assert.IsType(expected, outcome);
            Assert.Equal(status, outcome.Status);
            Assert.Contains($"answered {status}", outcome.Words, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(408)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(503)]
    public void What_may_pass_carries_the_wait_that_was_asked_for(int status)
    {
        var outcome = Assert.IsType<DeliveryOutcome.Retry>(DeliveryOutcome.OfStatus(status, TimeSpan.FromSeconds(7)));

        Assert.Equal(TimeSpan.FromSeconds(7), outcome.After);
    }
}
