using System.Net;
using Xunit;

namespace IdentityHub.Tests.Pages;

public sealed class FormTests
{
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task A_form_is_handled_only_with_its_token_and_this_browsers_cookie(bool withToken, bool withCookie, bool handled)
    {
        await using var host = await PagesHost.StartAsync();
        var page = await host.GetAsync("/token");
        var form = new HttpRequestMessage(HttpMethod.Post, "/form")
        {
            Content = new FormUrlEncodedContent(withToken ? [new("__RequestVerificationToken", page.Text)] : []),
        };
        if (withCookie)
        {
            form.Headers.Add("Cookie", page.Headers["Set-Cookie"].Split(';')[0]);
        }

        var answer = await host.SendAsync(form);

        Assert.Equal(handled ? 1 : 0, host.FormsHandled);
        Assert.Equal(handled ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
        if (!handled)
        {
            answer.Shows("""<dd id="error">form_expired</dd>""");
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1", "^hub-form=[^;]+; path=/; samesite=lax; httponly$")]
    [InlineData("https://id.example.com", "^__Host-hub-form=[^;]+; path=/; secure; samesite=lax; httponly$")]
    public async Task The_cookie_of_a_form_is_as_secure_as_the_issuer_also_behind_a_proxy(string issuer, string cookie)
    {
        await using var host = await PagesHost.StartAsync("--Hub:Issuer", issuer);

        var page = await host.GetAsync("/token");

        Assert.Matches(cookie, page.Headers["Set-Cookie"]);
    }

    [Fact]
    public async Task After_a_form_the_browser_goes_on_by_get()
    {
        await using var host = await PagesHost.StartAsync();

        var answer = await host.GetAsync("/done");

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal("/page", answer.Location);
    }
}
