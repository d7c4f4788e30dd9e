using IdentityHub.Client.Sessions;
using Microsoft.AspNetCore.Http;

namespace IdentityHub.Client.Tests.Sessions;

/// <summary>What the browser is told to do with the cookie.</summary>
public sealed class SessionCookieTests
{
    [Theory]
    [InlineData("https", "__Host-app=v; path=/; secure; samesite=lax; httponly")]
    [InlineData("http", "app=v; path=/; samesite=lax; httponly")]
    public void It_is_bound_to_the_host_and_out_of_reach_of_scripts(string scheme, string cookie)
    {
        var context = new DefaultHttpContext { Request = { Scheme = scheme } };

        SessionCookie.Write(context, "app", "v");

        Assert.Equal(cookie, context.Response.Headers.SetCookie.ToString());
    }

    [Fact]
    public void On_https_only_the_bound_name_is_read()
    {
        var value = SessionCookie.NewValue();
        var context = new DefaultHttpContext { Request = { Scheme = "https" } };

        context.Request.Headers.Cookie = $"app={value}";
        Assert.Null(SessionCookie.ReadKey(context.Request, "app"));

        context.Request.Headers.Cookie = $"__Host-app={value}";
        Assert.Equal(SessionCookie.KeyOf(value), SessionCookie.ReadKey(context.Request, "app"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public void A_value_of_another_shape_is_not_looked_up(string value)
    {
        var context = new DefaultHttpContext { Request = { Scheme = "http" } };
        context.Request.Headers.Cookie = $"app={value}";

        Assert.Null(SessionCookie.ReadKey(context.Request, "app"));
    }

    [Fact]
    public void Values_are_new_and_long()
    {
        var values = Enumerable.Range(0, 100).Select(_ => SessionCookie.NewValue()).ToHashSet();

        Assert.Equal(100, values.Count);
        Assert.All(values, value => Assert.Equal(43, value.Length));
    }
}
