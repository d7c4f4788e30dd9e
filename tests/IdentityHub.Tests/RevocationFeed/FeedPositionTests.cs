using IdentityHub.RevocationFeed;
using Xunit;

namespace IdentityHub.Tests.RevocationFeed;

public sealed class FeedPositionTests
{
    private static readonly FeedPosition Now = new(5000, 1_800_000_000);

    [Fact]
    public void It_is_read_back_as_it_was_written() => Assert.Equal(Now, FeedPosition.Parse(Now.ToString()));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5000")]
    [InlineData("-1800000000")]
    [InlineData("5000-")]
    [InlineData("5000-x")]
    [InlineData("5000--1")]
    [InlineData("99999999999999999999-1800000000")]
    public void What_is_no_position_is_none(string? text) => Assert.Null(FeedPosition.Parse(text));

    [Theory]
    [InlineData(5000, 1_800_000_000, null)]
    [InlineData(1, 1_799_996_400, null)]
    [InlineData(4000, 1_799_996_399, "older")]
    [InlineData(5001, 1_800_000_000, "not of this feed")]
    [InlineData(4000, 1_800_000_301, "not of this feed")]
    public void One_that_cannot_be_resumed_says_why(long since, long at, string? why)
    {
        var refusal = new FeedPosition(since, at).Refusal(Now, TimeSpan.FromHours(1));

        Assert.Equal(why is null, refusal is null);
        Assert.Contains(why ?? "", refusal ?? "", StringComparison.Ordinal);
    }
}
