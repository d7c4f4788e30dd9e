using System.Text.RegularExpressions;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.Tests.Architecture;

/// <summary>What a compiled assembly does not show: purpose paragraphs, and what lies at the top of the repository.</summary>
public sealed partial class SourceTests
{
    public static TheoryData<string> Capabilities =>
    [
        .. Directory.GetDirectories(Path.Combine(Repository.Root, "src", "IdentityHub"))
            .Where(folder => Directory.EnumerateFiles(folder, "*.cs").Any())
            .Select(folder => Path.GetFileName(folder))
            .Where(folder => folder is not ("bin" or "obj" or "Properties")),
    ];

    [Theory]
    [MemberData(nameof(Capabilities))]
    public void Each_folder_has_a_set_up_that_opens_with_its_purpose(string folder)
    {
        var setup = Path.Combine(Repository.Root, "src", "IdentityHub", folder, $"{folder}Setup.cs");

        Assert.True(File.Exists(setup), $"src/IdentityHub/{folder} has no {folder}Setup.cs.");
        Assert.True(OpensWithPurpose(File.ReadAllText(setup)), $"{folder}Setup.cs does not open with a paragraph that says what {folder} is for and what it may never do.");
    }

    [Theory]
    [InlineData("/// <summary>Ends sessions, and is the only code that does; nothing here waits for the network.</summary>\ninternal static class XSetup", true)]
    [InlineData("// Ends sessions, and is the only code\n// that does; nothing here waits for the network.\ninternal static class XSetup", true)]
    [InlineData("/// <summary>Set-up.</summary>\ninternal static class XSetup", false)]
    [InlineData("internal static class XSetup\n{\n    // Ends sessions, and is the only code that does; nothing here waits for the network.\n}", false)]
    public void A_purpose_is_a_paragraph_before_the_class(string source, bool expected) => Assert.Equal(expected, OpensWithPurpose(source));

    [Fact]
    public void The_top_of_the_repository_holds_exactly_what_it_should()
    {
        string[] expected =
        [
            "src", "tests", "clients", "infra", "docs", "IdentityHub.sln", "README.md", "docker-compose.yml",
            "Directory.Build.props", "Directory.Packages.props", "global.json", "LICENSE", "BannedSymbols.txt", "CONTRIBUTING.md", "SECURITY.md",
        ];

        // "artifacts" is what test runs leave, and git ignores it.
        var found = Directory.GetFileSystemEntries(Repository.Root).Select(entry => Path.GetFileName(entry)!).Where(name => name[0] != '.' && name != "artifacts");

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static bool OpensWithPurpose(string source)
    {
        var opening = source[..Math.Max(0, source.IndexOf("class ", StringComparison.Ordinal))];
        var words = CommentLines().Matches(opening).SelectMany(line => Tags().Replace(line.Groups[1].Value, " ").Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return words.Count() >= 10;
    }

    [GeneratedRegex(@"^\s*//+(.*)$", RegexOptions.Multiline)]
    private static partial Regex CommentLines();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tags();
}
