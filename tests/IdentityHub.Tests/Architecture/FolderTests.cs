using Xunit;

namespace IdentityHub.Tests.Architecture;

public sealed class FolderTests : IDisposable
{
    private readonly AssemblyReader _hub = new(Path.Combine(AppContext.BaseDirectory, "hub.dll"), "IdentityHub");

    public void Dispose() => _hub.Dispose();

    [Fact]
    public void Each_folder_uses_only_the_folders_it_may() => Findings.None(Folders.Rules.Violations(_hub.Dependencies));

    [Fact]
    public void Each_folder_has_a_row_in_the_table() => Findings.None(Folders.Rules.Unlisted(_hub.Folders));

    [Fact]
    public void No_allowance_is_stale() => Findings.None(Folders.Rules.Stale(_hub.Folders, _hub.Dependencies));

    [Fact]
    public void The_assembly_was_read() => Assert.Superset(new HashSet<string> { "Data", "Sessions", "Revocation" }, _hub.Folders.ToHashSet());
}
