using IdentityHub.Access;
using Xunit;

namespace IdentityHub.Tests.Access;

public sealed class ReturnUrlTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/authorize?client_id=notes&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb&state=a%20b#x")]
    [InlineData("/%2f%2fevil.example")]
    [InlineData("/a//b")]
    public void A_path_of_this_hub_is_kept(string address) => Assert.Equal(address, ReturnUrl.LocalOrHome(address));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("account")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("/ok\\evil")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\r\nSet-Cookie: hub=x")]
    [InlineData("/a b")]
    [InlineData("/\u00e9")]
    [InlineData(" /")]
    [InlineData("%2f%2fevil.example")]
    [InlineData("https:evil.example")]
    [InlineData("https://id.example.com.evil.example/")]
    [InlineData("javascript:alert(1)")]
    public void Anything_else_leads_home(string? address) => Assert.Equal("/", ReturnUrl.LocalOrHome(address));
}
