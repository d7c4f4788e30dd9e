using IdentityHub.Keys;
using Xunit;

namespace IdentityHub.Tests.Keys;

public sealed class KeyOptionsTests
{
    [Fact]
    public void The_defaults_are_accepted() => Assert.Null(new KeyOptions().Refusal());

    [Fact]
    public void A_secret_of_32_bytes_is_accepted() => Assert.Null(new KeyOptions { Secret = Convert.ToBase64String(new byte[32]) }.Refusal());

    [Theory]
    [InlineData("not base64!")]
    [InlineData("c2hvcnQ=")]
    public void A_secret_that_is_none_is_refused_and_not_repeated(string secret) => Assert.Equal(
        "Keys:Secret is not base64 of 32 bytes or more; make one with `openssl rand -base64 32`.", new KeyOptions { Secret = secret }.Refusal());

    [Fact]
    public void Each_bound_has_its_sentence()
    {
        Assert.Equal("Keys:RotateEvery is 12:00:00; it must be between 1.00:00:00 and 3650.00:00:00.", new KeyOptions { RotateEvery = TimeSpan.FromHours(12) }.Refusal());
        Assert.Equal("Keys:PublishAhead is 00:01:00; it must be between 00:05:00 and 30.00:00:00.", new KeyOptions { PublishAhead = TimeSpan.FromMinutes(1) }.Refusal());
        Assert.Equal("Keys:KeepRetired is 00:01:00; it must be between 01:00:00 and 3650.00:00:00.", new KeyOptions { KeepRetired = TimeSpan.FromMinutes(1) }.Refusal());
        Assert.Equal(
            "Keys:PublishAhead is 2.00:00:00; it must be less than Keys:RotateEvery, which is 1.00:00:00.",
            new KeyOptions { RotateEvery = TimeSpan.FromDays(1), PublishAhead = TimeSpan.FromDays(2) }.Refusal());
    }
}
