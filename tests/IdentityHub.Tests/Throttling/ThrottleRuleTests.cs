using System.Net;
using IdentityHub.Throttling;
using Xunit;

namespace IdentityHub.Tests.Throttling;

public sealed class ThrottleRuleTests
{
    private static readonly ThrottleRule Rule = new(5, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 0)]
    [InlineData(4.999, 10)]
    [InlineData(5, 10)]
    [InlineData(6, 20)]
    [InlineData(7, 40)]
    [InlineData(11, 640)]
    [InlineData(12, 900)]
    [InlineData(1000, 900)]
    public void The_wait_begins_after_the_free_guesses_and_doubles_up_to_the_longest(double level, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Rule.WaitAfter(level));

    [Theory]
    [InlineData(5, 0, 5)]
    [InlineData(5, 30, 4.5)]
    [InlineData(5, 60, 4)]
    [InlineData(5, 600, 0)]
    [InlineData(5, -60, 5)]
    public void Guesses_are_forgotten_one_by_one(double level, int minutes, double left) =>
        Assert.Equal(left, Rule.Level(level, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMinutes(minutes)), 6);

    [Fact]
    public void A_long_attack_does_not_make_the_time_after_it_longer_without_end() => Assert.Equal(17, Rule.Add(17));

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    public void A_source_is_an_address_or_a_network_of_64_bits(string address, string source) =>
        Assert.Equal(source, SourceAddress.Of(IPAddress.Parse(address)));

    [Theory]
    [InlineData("Password", 2, "Throttling:Password is 2; it must be between 3 and 100.")]
    [InlineData("Account", 5, "Throttling:Account is 5; it must be between 10 and 1000.")]
    [InlineData("Source", 5, "Throttling:Source is 5; it must be between 10 and 100000.")]
    [InlineData("SecondFactor", 21, "Throttling:SecondFactor is 21; it must be between 3 and 20.")]
    public void A_number_out_of_bounds_is_refused_with_the_bounds(string name, int value, string refusal)
    {
        var options = new ThrottlingOptions();
        Assert.Null(options.Refusal());
        typeof(ThrottlingOptions).GetProperty(name)!.SetValue(options, value);

        Assert.Equal(refusal, options.Refusal());
    }

    [Fact]
    public void A_wait_out_of_bounds_is_refused_with_the_bounds() => Assert.Equal(
        "Throttling:LongestWait is 02:00:00; it must be between 00:01:00 and 01:00:00.",
        new ThrottlingOptions { LongestWait = TimeSpan.FromHours(2) }.Refusal());
}
