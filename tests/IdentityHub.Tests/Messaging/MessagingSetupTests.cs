using IdentityHub.Data;
using IdentityHub.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace IdentityHub.Tests.Messaging;

public sealed class MessagingSetupTests
{
    [Fact]
    public void An_unknown_transport_stops_the_start() =>
        Assert.Equal("Messaging:Transport is 'Kafka'; it must be InMemory (one node) or RabbitMq.", Refusal("Kafka", null));

    [Fact]
    public void RabbitMQ_without_an_address_stops_the_start() => Assert.Equal(
        "ConnectionStrings:RabbitMq is missing; with Messaging:Transport=RabbitMq it must be the broker's address, for example amqp://user:password@localhost:5672/.",
        Refusal("rabbitmq", " "));

    [Theory]
    [InlineData("localhost:5672")]
    [InlineData("http://guest:secret@localhost/")]
    [InlineData("amqp://")]
    public void What_is_no_address_stops_the_start_and_is_not_repeated(string address)
    {
        var refusal = Refusal("RabbitMq", address);

        Assert.StartsWith("ConnectionStrings:RabbitMq is not a broker's address;", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("InMemory")]
    [InlineData("inmemory")]
    public void In_memory_is_the_default_and_needs_no_address(string? transport) => Builder(transport, null).AddMessaging();

    private static string Refusal(string? transport, string? address) =>
        Assert.Throws<SettingException>(() => Builder(transport, address).AddMessaging()).Message;

    private static WebApplicationBuilder Builder(string? transport, string? address)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Messaging:Transport"] = transport, ["ConnectionStrings:RabbitMq"] = address });
        return builder;
    }
}
