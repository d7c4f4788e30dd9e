using Xunit;

namespace IdentityHub.Tests.Architecture;

/// <summary>The checker can fail: types compiled into this assembly under folders that imitate the hub's break each rule.</summary>
public sealed class PlantedViolationTests : IDisposable
{
    private static readonly FolderRules Strict = new() { MayUse = new Dictionary<string, string[]> { ["Users"] = [], ["Data"] = [] } };

    private readonly AssemblyReader _planted = new(typeof(PlantedViolationTests).Assembly.Location, "IdentityHub.Tests.Architecture.Planted");

    public void Dispose() => _planted.Dispose();

    [Fact]
    public void Every_way_to_use_a_forbidden_folder_is_seen()
    {
        var violations = Strict.Violations(_planted.Dependencies).ToList();
        var culprits = _planted.Types.Where(type => _planted.FolderOf(type) == "Users" && type.DeclaringType is null).ToList();

        Assert.True(culprits.Count >= 20);
        Findings.None(culprits.Select(culprit => culprit.FullName).Where(name => !violations.Any(violation => violation.Contains(name, StringComparison.Ordinal))));
    }

    [Fact]
    public void What_is_allowed_is_no_violation()
    {
        var rules = new FolderRules { MayUse = new Dictionary<string, string[]> { ["Users"] = ["Data"], ["Data"] = [] } };

        Assert.Empty(rules.Violations(_planted.Dependencies));
        Assert.Empty(rules.Stale(_planted.Folders, _planted.Dependencies));
    }

    [Fact]
    public void A_folder_without_a_row_is_seen() =>
        Assert.Equal(["Users"], new FolderRules { MayUse = new Dictionary<string, string[]> { ["Data"] = [] } }.Unlisted(_planted.Folders));

    [Fact]
    public void An_allowance_nobody_uses_is_stale_unless_its_folder_does_not_exist()
    {
        var rules = new FolderRules { MayUse = new Dictionary<string, string[]> { ["Users"] = ["Data", "Mail"], ["Data"] = ["Users"], ["Mail"] = ["Data"] } };

        Assert.Equal(["Data may use Users, but nothing does"], rules.Stale(_planted.Folders, _planted.Dependencies));
    }
}
