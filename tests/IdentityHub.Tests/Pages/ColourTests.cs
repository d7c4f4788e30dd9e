using IdentityHub.Pages;
using Xunit;

namespace IdentityHub.Tests.Pages;

public sealed class ColourTests
{
    [Theory]
    [InlineData("#000000", "#ffffff", 21)]
    [InlineData("#ffffff", "#ffffff", 1)]
    [InlineData("#777777", "#ffffff", 4.48)]
    [InlineData("#0000ff", "#ffffff", 8.59)]
    public void Contrast_is_that_of_the_guidelines(string one, string other, double expected)
    {
        Assert.Equal(expected, Of(one).Contrast(Of(other)), 0.01);
        Assert.Equal(expected, Of(other).Contrast(Of(one)), 0.01);
    }

    [Theory]
    [InlineData("0b6b63")]
    [InlineData("#0b6")]
    [InlineData("#0b6b6g")]
    [InlineData("#0b6b630")]
    [InlineData("#-12345")]
    [InlineData("red")]
    [InlineData("#fff;}*{")]
    public void Anything_else_is_no_colour(string text) => Assert.Null(Colour.Parse(text));

    [Fact]
    public void A_colour_is_written_as_it_was_read() => Assert.Equal("#0b6b63", Of("#0B6B63").ToString());

    [Fact]
    public void A_mix_lies_between() => Assert.Equal("#804000", Of("#ff0000").Mix(Of("#008000"), 0.5).ToString());

    private static Colour Of(string text) => Colour.Parse(text)!.Value;
}
