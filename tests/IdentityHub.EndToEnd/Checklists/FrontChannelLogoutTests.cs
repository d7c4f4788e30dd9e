using IdentityHub.EndToEnd.Attacks;
using IdentityHub.EndToEnd.Faults;
using Xunit;

namespace IdentityHub.EndToEnd.Checklists;

/// <summary>OpenID Connect Front-Channel Logout 1.0, for applications that the hub cannot call. docs/conformance.md has the list.</summary>
[Collection(nameof(AttackedHub))]
public sealed class FrontChannelLogoutTests(AttackedHub hub)
{
    private string Origin => hub.Notes.Address.GetLeftPart(UriPartial.Authority);

    [Fact]
    public async Task FCL_01_02_the_metadata_say_that_it_is_supported_and_with_sid()
    {
        var metadata = (await hub.Stranger().GetAsync("/.well-known/openid-configuration")).Json;

        Assert.True((bool)metadata["frontchannel_logout_supported"]!);
        Assert.True((bool)metadata["frontchannel_logout_session_supported"]!);
    }

    [Fact]
    public async Task FCL_06_07_11_the_page_loads_each_address_with_iss_and_sid_and_may_load_nothing_else()
    {
        var visitor = await hub.VisitorAsync();
        await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var tokens = await visitor.Driver.EnterAsync(hub.Framed);

        var page = await visitor.Wire.FollowAsync(await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken)));

        var address = $"{hub.Framed.FrontChannelLogoutUri}&amp;iss={Uri.EscapeDataString(hub.Address.AbsoluteUri.TrimEnd('/'))}&amp;sid={tokens.Sid}";
        Assert.Contains($"<iframe src=\"{address}\"", page.Body, StringComparison.Ordinal);
        // Notes can be called, so it is not told a second time.
        Assert.Equal(2, page.Body.Split("<iframe").Length);
        Assert.Contains($"frame-src {Origin}; ", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("frame-src", (await hub.Stranger().GetAsync("/sign-in")).Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FCL_07_the_browser_goes_on_to_where_the_application_asked_after_the_frames()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Framed);

        var page = await visitor.Wire.FollowAsync(await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, hub.Framed.PostLogoutRedirectUris[0], "s")));

        Assert.True(page.Shows("next"));
        Assert.Equal($"3;url={hub.Framed.PostLogoutRedirectUris[0]}?state=s", page.Header("Refresh"));
        Assert.False(await visitor.IsAliveAsync(hub.Framed));
    }

    [Fact]
    public async Task FCL_07_a_next_address_that_is_not_ours_leads_nowhere()
    {
        var page = await hub.Stranger().GetAsync("/signed-out?next=https%3A%2F%2Fevil.example");

        Assert.True(page.Shows("signed-out"));
        Assert.False(page.Shows("next"));
        Assert.Null(page.Header("Refresh"));
    }

    [Fact]
    public async Task FCL_09_the_page_says_what_browsers_block_and_counts_it_as_not_confirmed()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Framed);

        var page = await visitor.Wire.FollowAsync(await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken)));

        Assert.Contains("it cannot confirm, and may still have you signed in", HtmlForm.TextOf(page.Body, "front-channel"), StringComparison.Ordinal);
        Assert.Contains("The application has not confirmed it.", page.Body, StringComparison.Ordinal);
    }
}
