using Xunit;

namespace IdentityHub.EndToEnd.Faults;

public sealed class HtmlFormTests
{
    private const string Page = """
        <form method="get" action="/search"><input name="q"><button id="search">Search</button></form>
        <form method="post" action="/sign-in?returnUrl=%2Fauthorize&amp;x=1">
          <input type="hidden" name="__RequestVerificationToken" value="a&#x2B;b" />
          <input id="email" name="Input.Email" type="email" value="" required>
          <input type="password" name="Input.Password" id="password" />
          <input type="checkbox" name="remember" value="true"><input type="checkbox" name="terms" value="yes" checked>
          <button name="decision" value="no" id="deny">No</button>
          <button id="sign-in" type="submit" name="decision" value="yes">Yes</button>
        </form>
        <p id="error"> invalid_<b>request</b> </p>
        """;

    [Fact]
    public void The_form_is_the_one_that_holds_the_element()
    {
        Assert.Equal("/sign-in?returnUrl=%2Fauthorize&x=1", HtmlForm.Holding(Page, "sign-in")!.Action);
        Assert.Equal("/search", HtmlForm.Holding(Page, "search")!.Action);
        Assert.Null(HtmlForm.Holding(Page, "allow"));
    }

    [Fact]
    public void Pressing_a_button_sends_what_a_browser_would()
    {
        var fields = HtmlForm.Holding(Page, "sign-in")!.Press("sign-in", ("email", "ada@example.com"), ("password", "p"));

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["__RequestVerificationToken"] = "a+b",
                ["Input.Email"] = "ada@example.com",
                ["Input.Password"] = "p",
                ["terms"] = "yes",
                ["decision"] = "yes",
            },
            fields);
    }

    [Fact]
    public void The_text_of_an_element_is_read_without_its_markup()
    {
        Assert.Equal("invalid_request", HtmlForm.TextOf(Page, "error"));
        Assert.Null(HtmlForm.TextOf(Page, "signed-out"));
    }
}
