using System.Globalization;

namespace IdentityHub.Pages;

/// <summary>
/// What this browser keeps of the person's language: the language, and behind a <c>~</c> the one that was chosen away
/// from. A relying party that asks for that one again, as it does when its request goes on after the sign-in, is not heard.
/// </summary>
internal sealed class LanguageCookie(bool https)
{
    public string Name { get; } = https ? "__Host-hub-language" : "hub-language";

    public LanguageMemory Read(HttpRequest request) => request.Cookies[Name]?.Split('~') switch
    {
        [var kept] => new(Languages.Match(kept), null),
        [var kept, var left] => new(Languages.Match(kept), Languages.Match(left)),
        _ => new(null, null),
    };

    /// <param name="response">Where it is set.</param>
    /// <param name="memory">What is kept.</param>
    /// <param name="chosen">By the person: kept for a year. Otherwise until the browser closes.</param>
    public void Write(HttpResponse response, LanguageMemory memory, bool chosen) =>
        response.Cookies.Append(Name, memory.Left is null ? memory.Kept!.Name : $"{memory.Kept!.Name}~{memory.Left.Name}", new CookieOptions
        {
            Path = "/",
            HttpOnly = true,
            Secure = https,
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
            MaxAge = chosen ? TimeSpan.FromDays(365) : null,
        });
}

internal sealed record LanguageMemory(CultureInfo? Kept, CultureInfo? Left);
