using IdentityHub.Pages;
using IdentityHub.Revocation;
using System.Globalization;

namespace IdentityHub.Admin;

/// <summary>An act on many as a page shows it.</summary>
/// <param name="Id">Which.</param>
/// <param name="Scope">Whom it is about, in words.</param>
/// <param name="By">Who asked, as the audit names it.</param>
/// <param name="StartedAt">From when on they are refused.</param>
/// <param name="State">How it stands, in words.</param>
/// <param name="GoingOn">Whether it can still be given up.</param>
/// <param name="Sessions">How many have ended.</param>
/// <param name="Expected">Of how many.</param>
/// <param name="People">Acts on single persons it made.</param>
/// <param name="Deliveries">How many times an application is told.</param>
/// <param name="SecondsLeft">By the pace so far; null when that cannot be said.</param>
public sealed record ListedMany(
    Guid Id, string Scope, string By, DateTimeOffset StartedAt, string State, bool GoingOn, long Sessions, long Expected, long People, long Deliveries, int? SecondsLeft)
{
    internal static ListedMany Of(MassRevocation mass, TimeSpan? remaining) => new(
        mass.Id,
        WhomWords(mass),
        mass.Initiator, mass.StartedAt, Words(mass.State), mass.State is MassRevocationState.EndingSessions or MassRevocationState.RevokingGrants,
        mass.Sessions, mass.Expected, mass.People, mass.Deliveries, remaining is { } left ? (int)Math.Ceiling(left.TotalSeconds) : null);

    private static string WhomWords(MassRevocation mass) => mass switch
    {
        { ClientId: { } client } => PeopleTexts.ManyOfApplication.With(client),
        _ when mass.Before < mass.StartedAt => PeopleTexts.ManyOfBefore.With(mass.Before.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
        _ => PeopleTexts.ManyOfEveryone,
    };

    private static string Words(MassRevocationState state) => state switch
    {
        MassRevocationState.EndingSessions => PeopleTexts.ManyEnding,
        MassRevocationState.RevokingGrants => PeopleTexts.ManyGrants,
        MassRevocationState.Cancelled => PeopleTexts.ManyCancelled,
        _ => PeopleTexts.ManyFinished,
    };
}

/// <summary>What would end: its blast radius.</summary>
/// <param name="Sessions">Sessions that have not ended.</param>
/// <param name="People">The persons they belong to.</param>
/// <param name="Applications">Who would be told, and how often, the most first: a page of them.</param>
/// <param name="Silent">Participations of applications that cannot be told.</param>
/// <param name="Estimate">How long the ending takes; people are refused at once.</param>
public sealed record ManyEnds(long Sessions, long People, ListPage<(string Name, long Sessions)> Applications, long Silent, TimeSpan Estimate);
