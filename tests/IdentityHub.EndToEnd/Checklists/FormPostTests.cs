using IdentityHub.EndToEnd.Attacks;
using Xunit;

namespace IdentityHub.EndToEnd.Checklists;

/// <summary><c>response_mode=form_post</c> (OAuth 2.0 Form Post Response Mode), in a browser that holds the hub to its own policy.</summary>
[Collection(nameof(AttackedHub))]
public sealed class FormPostTests(AttackedHub hub, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Theory]
    [InlineData(null, "code")]
    [InlineData("none", "error")]
    public async Task The_browser_posts_the_response_by_itself_and_nothing_stands_in_the_address(string? prompt, string expected)
    {
        var (person, page) = ((await hub.VisitorAsync()).Person, await _windows.OpenAsync());
        var request = Requests.Authorize(hub.Notes.Settings);
        request["response_mode"] = "form_post";
        if (prompt is not null)
        {
            request["prompt"] = prompt;
        }

        var arrived = page.WaitForRequestAsync(each => each.Method == "POST" && each.Url.StartsWith(hub.Notes.Settings.RedirectUri.AbsoluteUri, StringComparison.Ordinal));
        await page.GotoAsync(Requests.At(new Uri(hub.Address, "/authorize").AbsoluteUri, request));
        if (prompt is null)
        {
            await page.FillAsync("#email", person.Email);
            await page.FillAsync("#password", person.Password);
            await page.ClickAsync("#sign-in");
        }

        var post = await arrived;
        var fields = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(post.PostData);
        Assert.Equal(hub.Notes.Settings.RedirectUri.AbsoluteUri, post.Url);
        Assert.Equal("application/x-www-form-urlencoded", post.Headers["content-type"]);
        Assert.Contains(expected, fields.Keys);
        Assert.Equal("the state", fields["state"].ToString());
        Assert.Equal(hub.Hub.Settings.ToEnvironment()["Hub__Issuer"], fields["iss"].ToString());
    }

    [Fact]
    public async Task Its_policy_allows_no_script_of_the_page_and_the_button_works_without()
    {
        var visitor = await hub.VisitorAsync();
        var request = Requests.Authorize(hub.Notes.Settings);
        request["response_mode"] = "form_post";
        request["state"] = "\"><script>alert(1)</script>";

        var reply = await visitor.Wire.GetAsync(Requests.At("/authorize", request));

        Assert.Contains("script-src 'self';", reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("no-store", reply.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", reply.Body, StringComparison.Ordinal);
        var form = reply.Form("continue")!;
        Assert.Equal(hub.Notes.Settings.RedirectUri.AbsoluteUri, form.Action);
        Assert.Equal(["code", "iss", "state"], form.Fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(request["state"], form.Fields["state"]);
    }
}
