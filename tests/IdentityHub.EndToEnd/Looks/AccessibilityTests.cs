using Xunit;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>No page is left out of <see cref="Places"/>, all of which <see cref="GermanTests"/> opens and holds open to everybody.</summary>
[Collection(typeof(LooksHub.Tests))]
public sealed class AccessibilityTests(LooksHub hub)
{
    [Fact]
    public void Every_page_is_looked_at()
    {
        var gets = hub.Gets("", except: ["/admin", "/api"]);

        Assert.Equal([], gets.Except(Places.All.Values.Select(p => p.Route)).Except(Places.None.Keys));
        Assert.Equal([], Places.None.Keys.Except(gets));
    }
}
