using Xunit;

namespace IdentityHub.EndToEnd.Faults;

public sealed class CookieJarTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Cookies_are_kept_replaced_and_expired()
    {
        var jar = new CookieJar();

        Take(jar, "hub=1; path=/; httponly", "other=x; max-age=60");
        Take(jar, "hub=2; path=/", "other=; expires=Thu, 01 Jan 1970 00:00:00 GMT");

        Assert.Equal(new Dictionary<string, string> { ["hub"] = "2" }, jar.Cookies);
        Assert.Equal("hub=2", Header(jar));
    }

    [Fact]
    public void A_copy_keeps_what_the_original_is_told_to_forget()
    {
        var jar = new CookieJar();
        Take(jar, "hub=1");
        var copy = jar.Copy();

        Take(jar, "hub=; max-age=0");

        Assert.Empty(jar.Cookies);
        Assert.Equal("hub=1", Header(copy));
    }

    private static void Take(CookieJar jar, params string[] setCookie)
    {
        using var answer = new HttpResponseMessage();
        answer.Headers.TryAddWithoutValidation("Set-Cookie", setCookie);
        jar.Take(answer.Headers, Now);
    }

    private static string Header(CookieJar jar)
    {
        using var request = new HttpRequestMessage();
        jar.ApplyTo(request.Headers);
        return request.Headers.GetValues("Cookie").Single();
    }
}
