using IdentityHub.Sessions;
using Xunit;

namespace IdentityHub.Tests.Sessions;

public sealed class AuthenticationContextTests
{
    private static readonly SessionTerms Standard = new SessionOptions().Terms(remember: false);
    private static readonly SessionTerms Remembered = new SessionOptions().Terms(remember: true);

    [Theory]
    [InlineData("pwd", AuthenticationContext.Aal1)]
    [InlineData("pwd otp mfa", AuthenticationContext.Aal2)]
    [InlineData("pwd otp", AuthenticationContext.Aal2)]
    [InlineData("hwk", AuthenticationContext.Aal1)]
    [InlineData("hwk user mfa", AuthenticationContext.Aal2)]
    [InlineData("swk fpt", AuthenticationContext.Aal2)]
    [InlineData("", AuthenticationContext.Aal1)]
    public void The_level_follows_from_the_factors(string amr, string level) =>
        Assert.Equal(level, AuthenticationContext.Of([], amr, TimeSpan.Zero, Standard));

    [Theory]
    [InlineData(24, AuthenticationContext.Aal2)]
    [InlineData(24.1, AuthenticationContext.Aal1)]
    public void Two_factors_count_for_a_day(double hours, string level) =>
        Assert.Equal(level, AuthenticationContext.Of([], "pwd otp mfa", TimeSpan.FromHours(hours), Standard));

    [Theory]
    [InlineData(1, AuthenticationContext.Aal2)]
    [InlineData(1.1, AuthenticationContext.Aal1)]
    public void In_a_session_that_may_lie_unused_for_days_they_count_for_an_hour(double hours, string level) =>
        Assert.Equal(level, AuthenticationContext.Of([], "pwd otp mfa", TimeSpan.FromHours(hours), Remembered));

    [Fact]
    public void The_first_wish_that_is_true_is_stated_and_none_that_is_not()
    {
        Assert.Equal("phr", AuthenticationContext.Of(["phr", AuthenticationContext.Aal2], "hwk user mfa", TimeSpan.Zero, Standard));
        Assert.Equal(AuthenticationContext.Aal2, AuthenticationContext.Of([AuthenticationContext.Aal2, "phr"], "hwk user mfa", TimeSpan.Zero, Standard));
        Assert.Equal(AuthenticationContext.Aal1, AuthenticationContext.Of([AuthenticationContext.Aal1], "pwd otp", TimeSpan.Zero, Standard));
        Assert.Equal(AuthenticationContext.Aal2, AuthenticationContext.Of(["phr", "urn:unknown"], "pwd otp", TimeSpan.Zero, Standard));
    }

    [Fact]
    public void What_is_lacking_is_asked_for_and_what_nobody_knows_is_not()
    {
        Assert.True(AuthenticationContext.Lacks([AuthenticationContext.Aal2], "pwd", TimeSpan.Zero, Standard));
        Assert.True(AuthenticationContext.Lacks(["phr"], "pwd otp", TimeSpan.Zero, Standard));
        Assert.False(AuthenticationContext.Lacks(["phr", AuthenticationContext.Aal1], "pwd", TimeSpan.Zero, Standard));
        Assert.False(AuthenticationContext.Lacks(["1", "urn:unknown"], "pwd", TimeSpan.Zero, Standard));
        Assert.False(AuthenticationContext.Lacks([], "pwd", TimeSpan.Zero, Standard));
    }
}
