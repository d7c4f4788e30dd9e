using System.Globalization;
using IdentityHub.Sessions;
using Xunit;

namespace IdentityHub.Tests.Sessions;

public sealed class SessionLifetimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    [Fact]
    public void A_session_begins_with_its_idle_and_its_absolute_end() =>
        Assert.Equal((Now.AddHours(1), Now.AddHours(24)), SessionLifetime.From(Now, new(Idle, TimeSpan.FromHours(24), false)));

    [Fact]
    public void An_absolute_end_before_the_idle_one_is_the_end() =>
        Assert.Equal((Now.AddMinutes(10), Now.AddMinutes(10)), SessionLifetime.From(Now, new(Idle, TimeSpan.FromMinutes(10), false)));

    [Fact]
    public void Use_moves_the_idle_end_but_never_beyond_the_absolute_one()
    {
        Assert.Equal(Now.AddHours(1), SessionLifetime.Slide(Now, Idle, Now.AddHours(3)));
        Assert.Equal(Now.AddMinutes(20), SessionLifetime.Slide(Now, Idle, Now.AddMinutes(20)));
    }

    [Fact]
    public void A_use_is_recorded_once_a_tenth_of_the_idle_time_has_passed()
    {
        Assert.False(SessionLifetime.WorthRecording(Now, Now.AddMinutes(-6).AddTicks(1), Idle));
        Assert.True(SessionLifetime.WorthRecording(Now, Now.AddMinutes(-6), Idle));
    }

    [Fact]
    public void A_use_is_recorded_after_an_hour_however_long_the_idle_time_is()
    {
        Assert.False(SessionLifetime.WorthRecording(Now, Now.AddHours(-1).AddTicks(1), TimeSpan.FromDays(14)));
        Assert.True(SessionLifetime.WorthRecording(Now, Now.AddHours(-1), TimeSpan.FromDays(14)));
    }

    [Theory]
    [InlineData("00:00:59", "1.00:00:00", "90.00:00:00", "Sessions:IdleTimeout")]
    [InlineData("31.00:00:00", "1.00:00:00", "90.00:00:00", "Sessions:IdleTimeout")]
    [InlineData("01:00:00", "00:00:30", "90.00:00:00", "Sessions:AbsoluteTimeout")]
    [InlineData("01:00:00", "1.00:00:00", "00:30:00", "Sessions:KeepEnded")]
    public void A_lifetime_out_of_bounds_is_refused_by_name(string idle, string absolute, string keep, string named)
    {
        var options = new SessionOptions { IdleTimeout = TimeSpan.Parse(idle, CultureInfo.InvariantCulture), AbsoluteTimeout = TimeSpan.Parse(absolute, CultureInfo.InvariantCulture), KeepEnded = TimeSpan.Parse(keep, CultureInfo.InvariantCulture) };

        Assert.StartsWith($"{named} is ", options.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_are_within_bounds() => Assert.Null(new SessionOptions().Refusal());
}
