using Xunit;

namespace IdentityHub.Tests.Pages;

public sealed class SecurityHeadersTests
{
    [Theory]
    [InlineData("/page")]
    [InlineData("/done")]
    [InlineData("/fails")]
    [InlineData("/nothing-here")]
    [InlineData("/assets/none.css")]
    public async Task Every_response_carries_them_whatever_its_status(string path)
    {
        await using var host = await PagesHost.StartAsync();

        var response = await host.GetAsync(path);

        Assert.Equal("nosniff", response.Headers.GetValueOrDefault("X-Content-Type-Options"));
        Assert.Equal("DENY", response.Headers.GetValueOrDefault("X-Frame-Options"));
        Assert.Equal("no-referrer", response.Headers.GetValueOrDefault("Referrer-Policy"));
        Assert.Equal("same-origin", response.Headers.GetValueOrDefault("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", response.Headers.GetValueOrDefault("Cross-Origin-Resource-Policy"));
        Assert.Contains("no-store", response.Headers.GetValueOrDefault("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
            response.Headers.GetValueOrDefault("Content-Security-Policy"));
        Assert.Null(response.Headers.GetValueOrDefault("blazor-enhanced-nav"));
    }

    [Fact]
    public async Task A_page_whose_form_ends_at_an_application_allows_its_scheme()
    {
        await using var host = await PagesHost.StartAsync();

        var response = await host.GetAsync("/application");

        Assert.Contains("form-action 'self' com.example.app: https:;", response.Headers.GetValueOrDefault("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_https_issuer_binds_the_browser_to_https_also_behind_a_proxy()
    {
        await using var plain = await PagesHost.StartAsync();
        await using var secure = await PagesHost.StartAsync("--Hub:Issuer", "https://id.example.com");

        var without = await plain.GetAsync("/page");
        var with = await secure.GetAsync("/page");

        Assert.Null(without.Headers.GetValueOrDefault("Strict-Transport-Security"));
        Assert.Equal("max-age=63072000; includeSubDomains", with.Headers.GetValueOrDefault("Strict-Transport-Security"));
    }

    [Fact]
    public async Task An_endpoint_may_let_its_answer_be_kept()
    {
        await using var host = await PagesHost.StartAsync();

        var response = await host.GetAsync("/kept");

        Assert.Equal("public, max-age=60", response.Headers.GetValueOrDefault("Cache-Control"));
    }
}
