using System.Globalization;
using System.Text.RegularExpressions;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.Checklists;

/// <summary>docs/conformance.md against the tests: every row is there once, and every test that it names exists.</summary>
public sealed partial class ConformanceDocumentTests
{
    private static readonly string Document = Path.Combine(Repository.Root, "docs", "conformance.md");

    // The rows of the checklists; Back-Channel Logout's numbering has a gap.
    private static readonly string[] Rows =
    [
        .. Numbers("RIL", 1, 24), .. Numbers("BCL-OP", 1, 7), .. Numbers("BCL-OP", 10, 29), .. Numbers("FCL", 1, 5), "FCL-07", "FCL-09", "FCL-10",
        .. Numbers("B", 1, 38), .. Numbers("C", 1, 1), .. Numbers("F", 1, 1), .. Numbers("R", 1, 11), .. Numbers("K", 1, 2),
        // The relying party. Of front-channel logout, what is its part.
        .. Numbers("BCL-RP", 1, 11), "FCL-06", "FCL-08", "FCL-11", .. Numbers("L", 1, 8),
    ];

    [Fact]
    public void Every_row_is_there_once() =>
        Assert.Equal(Rows.Order(StringComparer.Ordinal), Read().Select(row => row.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_row_has_a_test_or_a_reason_and_every_test_exists()
    {
        var tests = Tests();
        foreach (var (id, shown) in Read())
        {
            string[] named = [.. Name().Matches(shown).Select(match => match.Groups[1].Value)];
            Assert.True(named.Length > 0 || shown.StartsWith("Reason: ", StringComparison.Ordinal), $"{id} has neither a test nor a reason.");
            Assert.All(named, name => Assert.True(tests.Contains(name), $"{id} names {name}, which is no test."));
        }
    }

    private static IEnumerable<(string Id, string Shown)> Read() =>
        File.ReadLines(Document).Select(line => Row().Match(line)).Where(match => match.Success).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    // From the sources: the tests of three projects, of which this process has one loaded.
    private static HashSet<string> Tests()
    {
        HashSet<string> names = [];
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories))
        {
            var type = "";
            var isTest = false;
            foreach (var line in File.ReadLines(file))
            {
                type = Type().Match(line) is { Success: true } found ? found.Groups[1].Value : type;
                isTest |= line.Contains("[Fact", StringComparison.Ordinal) || line.Contains("[Theory", StringComparison.Ordinal);
                if (isTest && Method().Match(line) is { Success: true } method)
                {
                    names.Add($"{type}.{method.Groups[1].Value}");
                    isTest = false;
                }
            }
        }

        return names;
    }

    private static IEnumerable<string> Numbers(string prefix, int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(number => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:00}"));

    [GeneratedRegex(@"^\| ((?:RIL|BCL-OP|BCL-RP|FCL|B|C|F|R|K|L)-\d\d) \| .+? \| (.+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+\.\w+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\s*public .*?class (\w+)")]
    private static partial Regex Type();

    [GeneratedRegex(@"^\s*public (?:async Task|Task|void) (\w+)\(")]
    private static partial Regex Method();
}
