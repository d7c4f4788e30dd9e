using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>
/// The cookies of one person's browser at the hub. Copying it is what a thief does: a test of "dead" replays a copy,
/// because the original is told to forget and proves nothing.
/// </summary>
internal sealed class CookieJar
{
    private readonly Dictionary<string, string> _cookies = [];

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    public CookieJar Copy()
    {
        var copy = new CookieJar();
        foreach (var (name, value) in _cookies)
        {
            copy._cookies[name] = value;
        }

        return copy;
    }

    public void Set(string name, string value) => _cookies[name] = value;

    public void ApplyTo(HttpRequestHeaders headers)
    {
        if (_cookies.Count > 0)
        {
            headers.TryAddWithoutValidation(HeaderNames.Cookie, string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }
    }

    public void Take(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (!headers.TryGetValues(HeaderNames.SetCookie, out var values))
        {
            return;
        }

        foreach (var cookie in SetCookieHeaderValue.ParseStrictList([.. values]))
        {
            var expired = cookie.MaxAge is { } age ? age <= TimeSpan.Zero : cookie.Expires <= now;
            if (expired)
            {
                _cookies.Remove(cookie.Name.ToString());
            }
            else
            {
                _cookies[cookie.Name.ToString()] = cookie.Value.ToString();
            }
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_cookies.Count} cookies");
}
