using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace IdentityHub.Tests.Pages;

public sealed partial class PageAssetsTests
{
    [Fact]
    public async Task What_a_page_refers_to_is_there_and_kept_for_good()
    {
        await using var host = await PagesHost.StartAsync();
        var page = await host.GetAsync("/page");
        var addresses = Addresses().Matches(page.Text).Select(m => m.Value).ToList();
        Assert.Equal(["svg", "css", "js"], addresses.Select(a => a.Split('.')[^1]));

        foreach (var address in addresses)
        {
            var asset = await host.GetAsync(address, "*/*");

            Assert.Equal(HttpStatusCode.OK, asset.Status);
            Assert.Equal("public, max-age=31536000, immutable", asset.Headers["Cache-Control"]);
            Assert.NotEmpty(asset.Text);
        }
    }

    [Theory]
    [InlineData("/assets/hub.css")]
    [InlineData("/assets/hub.0000000000000000.css")]
    [InlineData("/assets/..%2fhub.css")]
    public async Task Nothing_is_served_at_another_address(string address)
    {
        await using var host = await PagesHost.StartAsync();

        var response = await host.GetAsync(address, "*/*");

        Assert.Equal(HttpStatusCode.NotFound, response.Status);
    }

    [GeneratedRegex("/assets/[a-z]+\\.[0-9a-f]{16}\\.[a-z]+")]
    private static partial Regex Addresses();
}
