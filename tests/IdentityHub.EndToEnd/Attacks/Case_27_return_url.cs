using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 27: after signing in the browser stays here, whatever the link said.</summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_27_return_url(AttackedHub hub)
{
    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\/evil.example")]
    [InlineData("///evil.example")]
    [InlineData("https:evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("%2f%2fevil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/a\r\nLocation: https://evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("http://localhost.evil.example/")]
    [InlineData("//localhost@evil.example/")]
    [InlineData("evil.example")]
    [InlineData("")]
    public async Task Anything_but_a_path_of_ours_leads_home(string address)
    {
        var visitor = await hub.VisitorAsync();
        var browser = hub.Stranger();
        foreach (var path in new[] { "/sign-in", "/register" })
        {
            var page = await browser.GetAsync(Requests.At(path, [new("return_url", address)]));
            Assert.Equal("/", page.Form(path[1..])!.Fields["return_url"]);
        }

        // Nor when the field of the form was changed.
        var form = (await browser.GetAsync("/sign-in")).Form("sign-in")!;
        var fields = new Dictionary<string, string>(form.Press("sign-in", ("email", visitor.Person.Email), ("password", visitor.Person.Password))) { ["return_url"] = address };
        var reply = await browser.PostAsync("/sign-in", fields);

        Assert.Equal((303, new Uri(hub.Address, "/")), (reply.Status, reply.Location));
    }

    [Theory]
    [InlineData("/authorize?client_id=notes&scope=openid%20email")]
    [InlineData("/end-session")]
    public async Task A_path_of_ours_is_kept(string address)
    {
        var page = await hub.Stranger().GetAsync(Requests.At("/sign-in", [new("return_url", address)]));

        Assert.Equal(address, page.Form("sign-in")!.Fields["return_url"]);
    }
}
