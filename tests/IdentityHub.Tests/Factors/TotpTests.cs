using IdentityHub.Factors;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.Tests.Factors;

public sealed class TotpTests
{
    // RFC 6238 appendix B, "12345678901234567890", the last six of its eight digits.
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void The_codes_are_those_of_the_rfc(long seconds, string code)
    {
        var instant = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Assert.Equal(code, Totp.Code(Secret, Totp.StepAt(instant)));
        Assert.Equal(code, new AuthenticatorApp(Base32.Encode(Secret)).CodeAt(instant));
    }

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void The_present_step_and_its_neighbours_are_taken(int seconds, bool taken)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1234567890);
        var step = Totp.StepAt(now.AddSeconds(seconds));

        Assert.Equal(taken ? step : null, Totp.FindStep(Secret, Totp.Code(Secret, step), now));
    }

    [Theory]
    [InlineData(" 005 924 ", true)]
    [InlineData("005924", true)]
    [InlineData("5924", false)]
    [InlineData("0059240", false)]
    [InlineData("٠٠٥٩٢٤", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Spaces_do_not_count_and_everything_else_does(string? typed, bool taken) =>
        Assert.Equal(taken, Totp.FindStep(Secret, typed, DateTimeOffset.FromUnixTimeSeconds(1234567890)) is not null);

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_is_that_of_the_rfc(string plain, string encoded) => Assert.Equal(encoded, Base32.Encode(System.Text.Encoding.ASCII.GetBytes(plain)));

    [Fact]
    public void The_picture_names_the_hub_and_the_account_and_nothing_breaks_out_of_it() => Assert.Equal(
        "otpauth://totp/Big%20%26%20Co:ada%2Bx%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Big%20%26%20Co&digits=6&period=30",
        Totp.KeyUri(Secret, "Big & Co", "ada+x@example.com"));
}
