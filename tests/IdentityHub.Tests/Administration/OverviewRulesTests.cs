using IdentityHub.Administration;
using Xunit;

namespace IdentityHub.Tests.Administration;

public sealed class OverviewRulesTests
{
    [Theory]
    [InlineData(new int[0], 50, null)]
    [InlineData(new[] { 7 }, 50, 7)]
    [InlineData(new[] { 7 }, 99, 7)]
    [InlineData(new[] { 1, 2, 3, 4 }, 50, 2)]
    [InlineData(new[] { 1, 2, 3, 4 }, 95, 4)]
    public void A_percentile_is_a_value_that_was_measured(int[] ordered, int percent, int? expected) => Assert.Equal(expected, OverviewCount.Percentile(ordered, percent));

    [Fact]
    public void The_first_identifier_of_an_instant_is_before_every_other_of_it_and_after_all_before()
    {
        var at = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

        Assert.True(IdsOfTime.First(at).CompareTo(Guid.CreateVersion7(at)) < 0);
        Assert.True(IdsOfTime.First(at).CompareTo(Guid.CreateVersion7(at.AddMilliseconds(-1))) > 0);
    }
}
