using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace IdentityHub.Tests.Pages;

public sealed class FailureTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_fault_shows_a_code_and_a_number_and_nothing_of_the_inside(string environment)
    {
        await using var host = await PagesHost.StartAsync("--environment", environment);

        var response = await host.GetAsync("/fails");

        Assert.Equal(HttpStatusCode.InternalServerError, response.Status);
        response.Shows("""<dd id="error">server_error</dd>""");
        Assert.Matches("<dt>Request</dt><dd>[0-9A-Z]+:[0-9A-F]+</dd>", response.Text);
        response.Hides(PagesHost.Secret);
        response.Hides("Exception");
    }

    [Theory]
    [InlineData("/fails", 500, "server_error")]
    [InlineData("/nothing-here", 404, "not_found")]
    public async Task A_program_gets_a_problem(string path, int status, string code)
    {
        await using var host = await PagesHost.StartAsync();

        var response = await host.GetAsync(path, "application/json");
        var problem = JsonNode.Parse(response.Text)!.AsObject();

        Assert.Equal(status, (int)response.Status);
        Assert.Equal("application/problem+json", response.Headers["Content-Type"]);
        Assert.Equal(code, (string?)problem["code"]);
        Assert.False(string.IsNullOrEmpty((string?)problem["requestId"]));
        response.Hides(PagesHost.Secret);
    }

    [Fact]
    public async Task An_unknown_address_shows_a_page()
    {
        await using var host = await PagesHost.StartAsync();

        var response = await host.GetAsync("/nothing-here");

        Assert.Equal(HttpStatusCode.NotFound, response.Status);
        response.Shows("""<dd id="error">not_found</dd>""");
    }

    [Fact]
    public async Task Who_asked_for_neither_page_nor_json_gets_an_empty_error()
    {
        await using var host = await PagesHost.StartAsync();

        var response = await host.GetAsync("/nothing-here", "*/*");

        Assert.Equal(HttpStatusCode.NotFound, response.Status);
        Assert.Empty(response.Text);
    }

    [Fact]
    public async Task The_name_of_the_installation_is_on_every_page()
    {
        await using var host = await PagesHost.StartAsync("--Pages:Name", "Ministry of <Walks>");

        var response = await host.GetAsync("/page");

        response.Shows("<span>Ministry of &lt;Walks&gt;</span>");
        response.Shows("Ministry of &lt;Walks&gt;</title>");
    }

    [Fact]
    public async Task A_name_that_no_page_can_show_stops_the_start()
    {
        var stopped = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => PagesHost.StartAsync("--Pages:Name", " "));

        Assert.Contains("Pages:Name", stopped.Message, StringComparison.Ordinal);
    }
}
