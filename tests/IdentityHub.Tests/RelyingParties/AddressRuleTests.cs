using System.Net;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using Xunit;

namespace IdentityHub.Tests.RelyingParties;

public sealed class AddressRuleTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:c0a8:101::1")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void What_is_not_a_public_address_is_refused(string address) =>
        Assert.NotNull(AddressRule.From([], development: false).Refusal(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.169.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::1.1.1.1")]
    [InlineData("2002:101:101::1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450::1")]
    public void A_public_address_is_allowed(string address) =>
        Assert.Null(AddressRule.From([], development: false).Refusal(IPAddress.Parse(address)));

    [Fact]
    public void The_objection_says_what_the_address_is() =>
        Assert.Equal("is a link-local address", AddressRule.From([], development: false).Refusal(IPAddress.Parse("169.254.169.254")));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void Development_allows_loopback_and_nothing_else(string loopback)
    {
        var rule = AddressRule.From([], development: true);

        Assert.Null(rule.Refusal(IPAddress.Parse(loopback)));
        Assert.NotNull(rule.Refusal(IPAddress.Parse("10.0.0.1")));
        Assert.NotNull(rule.Refusal(IPAddress.Parse("169.254.169.254")));
    }

    [Fact]
    public void Listed_networks_and_addresses_are_allowed_and_their_neighbours_are_not()
    {
        var rule = AddressRule.From(["10.1.0.0/16", "192.168.7.7", "fd12::/16"], development: false);

        Assert.Null(rule.Refusal(IPAddress.Parse("10.1.255.255")));
        Assert.Null(rule.Refusal(IPAddress.Parse("::ffff:10.1.0.1")));
        Assert.Null(rule.Refusal(IPAddress.Parse("192.168.7.7")));
        Assert.Null(rule.Refusal(IPAddress.Parse("fd12::1")));
        Assert.NotNull(rule.Refusal(IPAddress.Parse("10.2.0.1")));
        Assert.NotNull(rule.Refusal(IPAddress.Parse("192.168.7.8")));
        Assert.NotNull(rule.Refusal(IPAddress.Parse("fd13::1")));
    }

    [Theory]
    [InlineData("10.1.0.0/33")]
    [InlineData("intranet")]
    [InlineData("")]
    public void A_network_that_is_none_stops_the_start(string network)
    {
        var refusal = Assert.Throws<SettingException>(() => AddressRule.From([network], development: false));

        Assert.Equal($"RelyingParties:AllowedNetworks has '{network}'; it must be an address or a network such as 10.1.0.0/16.", refusal.Message);
    }
}
