using Xunit;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>The pages of a person's own account.</summary>
public sealed class AccountPageTests(LooksHub hub, Browser browser) : PageTests(hub, browser), IClassFixture<LooksHub>
{
    public static TheoryData<string> Pages => [.. Places.OfAccount];

    [Theory]
    [MemberData(nameof(Pages))]
    public Task The_English_page_is_open_to_everybody_and_nothing_of_it_is_left_in_German(string name) => LookAtAsync(name);
}
