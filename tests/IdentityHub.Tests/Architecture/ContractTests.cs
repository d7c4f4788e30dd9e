using System.Text.Json;
using IdentityHub.Contracts;
using MassTransit;
using MassTransit.Serialization;
using Xunit;

namespace IdentityHub.Tests.Architecture;

/// <summary>Other systems read these from the broker. A change here breaks them, so it must break a test first.</summary>
public sealed class ContractTests
{
    private static readonly SessionsRevoked Example = new(
        Guid.Parse("0198c0de-0000-7000-8000-000000000001"),
        "signed_out",
        "248289761001",
        ["08a5019c-17e1-4977-8f42-65a12843ea02"],
        new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    // What goes over the wire, on one line.
    private static readonly JsonSerializerOptions Options = new(SystemTextJsonMessageSerializer.Options) { WriteIndented = false };

    private const string Json = """
        {"revocationId":"0198c0de-0000-7000-8000-000000000001","reason":"signed_out","subject":"248289761001","sids":["08a5019c-17e1-4977-8f42-65a12843ea02"],"revokedAt":"2030-01-02T03:04:05+00:00","allTokens":false}
        """;

    [Fact]
    public void SessionsRevoked_keeps_its_message_name() =>
        Assert.Equal("urn:message:IdentityHub.Contracts:SessionsRevoked", MessageUrn.ForTypeString<SessionsRevoked>());

    [Fact]
    public void SessionsRevoked_keeps_its_JSON() =>
        Assert.Equal(Json, JsonSerializer.Serialize(Example, Options));

    [Fact]
    public void SessionsRevoked_is_read_back_from_its_JSON() =>
        Assert.Equivalent(Example, JsonSerializer.Deserialize<SessionsRevoked>(Json, Options), strict: true);

    [Fact]
    public void The_contracts_reference_nothing_but_the_framework() => Assert.All(
        typeof(SessionsRevoked).Assembly.GetReferencedAssemblies(),
        reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));
}
