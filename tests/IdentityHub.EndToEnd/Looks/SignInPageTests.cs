using Xunit;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>The pages on the way in, and that none of the hub is left out of <see cref="Places"/>.</summary>
[Collection(typeof(LooksHub.Tests))]
public sealed class SignInPageTests(LooksHub hub, Browser browser) : PageTests(hub, browser)
{
    private readonly LooksHub _hub = hub;

    public static TheoryData<string> Pages => [.. Places.All.Keys.Except(Places.OfAccount)];

    [Theory]
    [MemberData(nameof(Pages))]
    public Task The_English_page_is_open_to_everybody_and_nothing_of_it_is_left_in_German(string name) => LookAtAsync(name);

    [Fact]
    public void Every_page_is_looked_at()
    {
        var gets = _hub.Gets("", except: ["/admin", "/api"]);

        Assert.Equal([], gets.Except(Places.All.Values.Select(p => p.Route)).Except(Places.None.Keys));
        Assert.Equal([], Places.None.Keys.Except(gets));
    }
}
