using Xunit;

namespace IdentityHub.Tests.Architecture;

internal static class Findings
{
    /// <summary>Fails with every finding in full, one a line; <c>Assert.Empty</c> shows five and cuts each.</summary>
    public static void None(IEnumerable<string> findings)
    {
        var all = findings.Distinct().ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
