using System.Text.Json;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.Tests.Architecture;

public sealed class PackageTests
{
    private static readonly ForbiddenPackage[] Forbidden =
    [
        new("MassTransit", From: 9, "MassTransit 9 needs a paid licence in production; 8 is Apache-2.0 (docs/adr/0002-masstransit-8.md)."),
        new("Duende.", From: 0, "Production use of Duende's packages is licensed commercially (docs/adr/0001-openiddict.md)."),
    ];

    [Fact]
    public void No_project_resolves_a_forbidden_package()
    {
        var locks = Directory.EnumerateFiles(Repository.Root, "packages.lock.json", SearchOption.AllDirectories)
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(locks);
        Findings.None(
            from file in locks
            from package in Resolved(File.ReadAllText(file))
            from forbidden in Forbidden
            where forbidden.Matches(package.Id, package.Version)
            select $"{Path.GetRelativePath(Repository.Root, file)} resolves {package.Id} {package.Version}: {forbidden.Reason}");
    }

    [Theory]
    [InlineData("MassTransit.RabbitMQ", "9.0.0", true)]
    [InlineData("MassTransit", "10.1.0-rc.1", true)]
    [InlineData("MassTransit.RabbitMQ", "8.5.12", false)]
    [InlineData("Duende.IdentityServer", "7.4.0", true)]
    [InlineData("Npgsql", "10.0.3", false)]
    public void A_forbidden_version_is_seen(string id, string version, bool expected)
    {
        var lockFile = $$"""
            { "version": 2, "dependencies": { "net10.0": { "{{id}}": { "type": "Transitive", "resolved": "{{version}}" } } } }
            """;

        Assert.Equal(expected, Resolved(lockFile).Any(package => Forbidden.Any(forbidden => forbidden.Matches(package.Id, package.Version))));
    }

    private static IEnumerable<(string Id, string Version)> Resolved(string lockFile)
    {
        using var document = JsonDocument.Parse(lockFile);
        return
        [
            .. from framework in document.RootElement.GetProperty("dependencies").EnumerateObject()
               from package in framework.Value.EnumerateObject()
               where package.Value.TryGetProperty("resolved", out _)
               select (package.Name, package.Value.GetProperty("resolved").GetString()!),
        ];
    }

    private sealed record ForbiddenPackage(string Prefix, int From, string Reason)
    {
        public bool Matches(string id, string version) =>
            id.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && int.Parse(version.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture) >= From;
    }
}
