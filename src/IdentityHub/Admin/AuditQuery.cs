using System.Globalization;
using IdentityHub.Administration;
using IdentityHub.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace IdentityHub.Admin;

/// <summary>The filter of the audit as it stands in the address: every member as text, so that it can be shown again.</summary>
public sealed class AuditQuery
{
    [FromQuery(Name = "person")]
    public string? Person { get; init; }

    [FromQuery(Name = "action")]
    public string? Action { get; init; }

    [FromQuery(Name = "actor")]
    public string? Actor { get; init; }

    [FromQuery(Name = "from")]
    public string? From { get; init; }

    [FromQuery(Name = "until")]
    public string? Until { get; init; }

    private IEnumerable<KeyValuePair<string, string?>> Pairs => new Dictionary<string, string?>
    {
        ["person"] = Text(Person), ["action"] = Text(Action), ["actor"] = Text(Actor), ["from"] = Text(From), ["until"] = Text(Until),
    }.Where(p => p.Value is not null);

    public bool Any => Pairs.Any();

    /// <summary>An address with this filter.</summary>
    public string To(string path, string? name = null, string? value = null) =>
        QueryHelpers.AddQueryString(path, name is null ? Pairs : Pairs.Append(new(name, value)));

    /// <summary>What it asks for.</summary>
    /// <param name="errors">Gets what cannot be read, by field.</param>
    internal AuditFilter Read(Dictionary<string, string> errors)
    {
        Guid? person = Guid.TryParse(Text(Person), out var id) ? id : null;
        if (Text(Person) is { } typed && person is null)
        {
            errors["person"] = AuditTexts.PersonUnreadable.With(typed);
        }

        return new(person, Text(Action), Text(Actor), Instant("from", From, errors), Instant("until", Until, errors));
    }

    private static DateTimeOffset? Instant(string field, string? typed, Dictionary<string, string> errors)
    {
        if (Text(typed) is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return instant;
        }

        errors[field] = AuditTexts.InstantUnreadable.With(text);
        return null;
    }

    private static string? Text(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}
