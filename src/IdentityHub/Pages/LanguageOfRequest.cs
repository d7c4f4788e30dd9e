using System.Globalization;

namespace IdentityHub.Pages;

/// <summary>
/// Answers each request in the person's language: the one they choose on the page, the one the relying party asks for
/// (<c>ui_locales</c>, OpenID Connect Core §3.1.2.1), the one this browser keeps, the first of <c>Accept-Language</c>
/// that is spoken here, or English. Programs are always answered in English: <c>error_description</c> is ASCII (RFC 6749 §5.2).
/// </summary>
internal sealed class LanguageOfRequest(RequestDelegate next, LanguageCookie cookie)
{
    /// <summary>The parameter of the choice on the page; any address of the hub takes it.</summary>
    public const string Choice = "language";

    public Task InvokeAsync(HttpContext context)
    {
        var language = context.Features.Get<SpeaksOAuth>() is null ? Settle(context) : Languages.Default;
        if (context.Features.Get<BrowserQuery>() is null)
        {
            context.Features.Set(new BrowserQuery(context.Request.Query));
        }

        CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = language;
        return next(context);
    }

    private CultureInfo Settle(HttpContext context)
    {
        var memory = cookie.Read(context.Request);
        if (Languages.Match(context.Request.Query[Choice]) is { } chosen)
        {
            cookie.Write(context.Response, new(chosen, memory.Kept is { } kept && !kept.Equals(chosen) ? kept : memory.Left), chosen: true);
            return chosen;
        }

        var asked = context.Request.Query["ui_locales"].ToString().Split(' ').Select(Languages.Match).FirstOrDefault(l => l is not null);
        if (asked is null || asked.Equals(memory.Left))
        {
            return memory.Kept ?? Accepted(context.Request) ?? Languages.Default;
        }

        if (!asked.Equals(memory.Kept))
        {
            cookie.Write(context.Response, new(asked, null), chosen: false);
        }

        return asked;
    }

    private static CultureInfo? Accepted(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage
            .Where(l => l.Quality != 0)
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => Languages.Match(l.Value.Value))
            .FirstOrDefault(l => l is not null);
}

/// <summary>The query as the browser sent it, whatever a later step makes of it.</summary>
internal sealed record BrowserQuery(IQueryCollection Values);
