using System.Globalization;
using IdentityHub.Administration;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IdentityHub.Api;

/// <summary>The parameters that an endpoint takes in its address; another one is refused by name.</summary>
internal sealed record ApiQuery(IReadOnlyList<string> Names)
{
    public const int MostListed = 200;
    public const int UsuallyListed = 50;

    public static IResult? Refusal(HttpContext http)
    {
        var known = http.GetEndpoint()!.Metadata.GetMetadata<ApiQuery>()?.Names ?? [];
        var errors = http.Request.Query.Where(q => !known.Contains(q.Key, StringComparer.Ordinal)).ToDictionary(
            q => q.Key, q => new[] { known.Count == 0 ? $"{q.Key} is not known here; there are no parameters." : $"{q.Key} is not known here; known are {string.Join(", ", known)}." });
        foreach (var twice in http.Request.Query.Where(q => q.Value.Count > 1))
        {
            errors[twice.Key] = [$"{twice.Key} is there {twice.Value.Count} times; once is enough."];
        }

        return errors.Count == 0 ? null : ApiProblem.Members(errors);
    }
}

/// <summary>Reads parameters one after the other and gathers what is wrong with them.</summary>
internal sealed class ApiParameters(HttpContext http)
{
    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>Null when all of them could be read.</summary>
    public IResult? Refusal => _errors.Count == 0 ? null : ApiProblem.Members(_errors);

    private int Limit() => Read<int>("limit", text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= ApiQuery.MostListed ? limit : null,
        $"must be a number from 1 to {ApiQuery.MostListed}") ?? ApiQuery.UsuallyListed;

    public Guid? Id(string name) => Read<Guid>(name, text => Guid.TryParseExact(text, "D", out var id) ? id : null, "must be an identifier like 01a00000-0000-7000-8000-000000000000");

    public DateTimeOffset? Instant(string name) => Read<DateTimeOffset>(
        name,
        text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null,
        "must be an instant like 2026-11-24T06:00:00Z");

    public string? Text(string name, int longest)
    {
        var text = http.Request.Query[name].ToString();
        if (text.Length > longest)
        {
            Refuse(name, $"{name} has {text.Length} characters; it may have {longest}.");
        }

        return text.Length == 0 ? null : text;
    }

    public string Format()
    {
        var format = Text("format", 10) ?? ExportFormat.JsonLines;
        if (ExportFormat.ContentType(format) is null)
        {
            Refuse("format", $"format is '{format}'; it must be {ExportFormat.JsonLines} or {ExportFormat.Csv}.");
        }

        return format;
    }

    /// <summary>What <see cref="ApiCursors.Seal"/> has written for this list.</summary>
    private string? Cursor(string asked)
    {
        var text = http.Request.Query["cursor"].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        var place = http.RequestServices.GetRequiredService<ApiCursors>().Open(http, text, asked);
        if (place is null)
        {
            Refuse("cursor", "cursor is not one that this list has given; begin without one.");
        }

        return place;
    }

    /// <summary>Which page of a list is asked for; the place is that of <see cref="Cursor"/>.</summary>
    /// <param name="asked">What the body asks for, where it is not the address alone that says which list.</param>
    public ApiPlace Place(string asked = "") => new(Cursor(asked), Limit());

    public void Refuse(string name, string what) => _errors[name] = [what];

    private T? Read<T>(string name, Func<string, T?> parse, string must) where T : struct
    {
        var text = http.Request.Query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        var value = parse(text);
        if (value is null)
        {
            Refuse(name, $"{name} is '{(text.Length <= 60 ? text : text[..60])}'; it {must}.");
        }

        return value;
    }
}

/// <param name="After">Where the page before ended; null for the first.</param>
/// <param name="Limit">How many are asked for.</param>
internal sealed record ApiPlace(string? After, int Limit)
{
    public Guid? AfterId => After is null ? null : Guid.Parse(After);

    /// <summary>The page of a list that is read and sorted already, because it is short whoever asks.</summary>
    /// <param name="http">The request.</param>
    /// <param name="sorted">The whole list, in the order of the places.</param>
    /// <param name="place">The place of an item.</param>
    public Ok<ApiPage<T>> Of<T>(HttpContext http, IEnumerable<T> sorted, Func<T, string> place)
    {
        var (items, next) = Cut(sorted, place);
        return ApiCursors.Page(http, items, next);
    }

    /// <summary>The same, for an answer that says more than the list: what is on the page, and where the next one begins.</summary>
    public (IReadOnlyList<T> Items, string? Next) Cut<T>(IEnumerable<T> sorted, Func<T, string> place)
    {
        var rest = sorted.SkipWhile(item => After is not null && string.CompareOrdinal(place(item), After) <= 0).Take(Limit + 1).ToList();
        return ([.. rest.Take(Limit)], rest.Count > Limit ? place(rest[Limit - 1]) : null);
    }
}

/// <summary>Where the next page of a list begins: opaque, and good for that list with those parameters alone.</summary>
internal sealed class ApiCursors(IDataProtectionProvider protection)
{
    private const int Longest = 4000;

    /// <summary>One page of a list, as it is answered.</summary>
    /// <param name="http">The request.</param>
    /// <param name="items">What is on it.</param>
    /// <param name="next">Where the next one begins; null on the last.</param>
    public static Ok<ApiPage<T>> Page<T>(HttpContext http, IEnumerable<T> items, object? next) =>
        TypedResults.Ok(new ApiPage<T>([.. items], http.RequestServices.GetRequiredService<ApiCursors>().Seal(http, next)));

    public string? Seal(HttpContext http, object? place, string asked = "") => place is null ? null : Protector(http, asked).Protect(place.ToString()!);

    public string? Open(HttpContext http, string cursor, string asked)
    {
        if (cursor.Length > Longest)
        {
            return null;
        }

        try
        {
            return Protector(http, asked).Unprotect(cursor);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // Not of ours, or of another list.
            return null;
        }
    }

    private IDataProtector Protector(HttpContext http, string asked) => protection.CreateProtector(
        "IdentityHub.Api.Cursor",
        http.Request.Path,
        string.Join('&', http.Request.Query.Where(q => q.Key is not ("cursor" or "limit")).OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => $"{q.Key}={q.Value}")),
        asked);
}
