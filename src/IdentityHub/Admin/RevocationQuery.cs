using System.Globalization;
using IdentityHub.Administration;
using IdentityHub.Pages;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Admin;

/// <summary>The filter of the revocations as it stands in the address: every member as text, so that it can be shown again.</summary>
public sealed class RevocationQuery
{
    [FromQuery(Name = "reason")]
    public string? Reason { get; init; }

    [FromQuery(Name = "person")]
    public string? Person { get; init; }

    [FromQuery(Name = "client")]
    public string? Client { get; init; }

    [FromQuery(Name = "initiator")]
    public string? Initiator { get; init; }

    [FromQuery(Name = "from")]
    public string? From { get; init; }

    [FromQuery(Name = "until")]
    public string? Until { get; init; }

    [FromQuery(Name = "unconfirmed")]
    public string? Unconfirmed { get; init; }

    public bool Any => Pairs().Any();

    public IEnumerable<KeyValuePair<string, string?>> Pairs() => new Dictionary<string, string?>
    {
        ["reason"] = Reason,
        ["person"] = Person,
        ["client"] = Client,
        ["initiator"] = Initiator,
        ["from"] = From,
        ["until"] = Until,
        ["unconfirmed"] = Unconfirmed,
    }.Where(p => !string.IsNullOrWhiteSpace(p.Value));

    /// <summary>What it asks for.</summary>
    /// <param name="errors">Gets what cannot be read, by field.</param>
    internal RevocationFilter Read(Dictionary<string, string> errors)
    {
        RevocationReason? reason = null;
        if (Text(Reason) is { } wire && (reason = Enum.GetValues<RevocationReason>().Select(r => (RevocationReason?)r).FirstOrDefault(r => r!.Value.Wire() == wire)) is null)
        {
            errors["reason"] = PartiesTexts.ReasonUnknown.With(wire);
        }

        Guid? person = Guid.TryParse(Text(Person), out var id) ? id : null;
        if (Text(Person) is { } typed && person is null)
        {
            errors["person"] = PartiesTexts.PersonUnreadable.With(typed);
        }

        return new(reason, person, Text(Client), Text(Initiator), Instant("from", From, errors), Instant("until", Until, errors), Text(Unconfirmed) is not null);
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

        errors[field] = PartiesTexts.InstantUnreadable.With(text);
        return null;
    }

    private static string? Text(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}
