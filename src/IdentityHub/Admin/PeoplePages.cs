using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Persons;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Admin;

/// <summary><c>/admin/people</c>: finding a person, and what is known of one.</summary>
internal static class PeoplePages
{
    // Beyond it nobody has pages, and the arithmetic of the offset stays within its type.
    private const int LastPossiblePage = 1_000_000;

    public static async Task<RazorComponentResult<PeoplePageView>> List([FromQuery] string? q, [FromQuery] string? after, People people, CancellationToken cancel)
    {
        var tooLong = q?.Length > People.LongestSearch;
        return new(new { Search = q, After = after, TooLong = tooLong, Found = tooLong ? new PeoplePage([], null) : await people.PageAsync(q, after, cancel) })
        { StatusCode = tooLong ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK };
    }

    /// <summary>The list alone, while somebody types.</summary>
    public static async Task<RazorComponentResult<PeopleFound>> Found([FromQuery] string? q, People people, CancellationToken cancel) =>
        new(new { Search = q, Found = await people.PageAsync(q, null, cancel) });

    public static async Task<Results<RazorComponentResult<PersonPage>, NotFound>> Person(
        Guid id, [FromQuery] int? page, CurrentAdministrator administrator, PersonDetails details, SessionList sessions, ConnectedApplications applications, CancellationToken cancel) =>
        await details.FindAsync(id, cancel) is not { } person ? TypedResults.NotFound() : new RazorComponentResult<PersonPage>(new
        {
            Person = person,
            Sessions = await sessions.PageAsync(id, administrator.Session.Id, Math.Clamp(page ?? 1, 1, LastPossiblePage), cancel),
            Applications = await applications.OfAsync(id, cancel),
            MayEnd = administrator.Can(Capability.EndSessions),
            MayManage = administrator.Can(Capability.ManagePeople),
        });

    public static async Task<Results<RazorComponentResult<PersonActivityPage>, NotFound>> Activity(
        Guid id, [FromQuery] string? before, PersonDetails details, ActivityLog log, CancellationToken cancel)
    {
        var cursor = Guid.TryParse(before, out var entry) ? entry : (Guid?)null;
        return await details.FindAsync(id, cancel) is { } person
            ? new RazorComponentResult<PersonActivityPage>(new { Person = person, Page = await log.PageAsync(id, cursor, cancel), Newest = cursor is null })
            : TypedResults.NotFound();
    }

    public static async Task<Results<RazorComponentResult<PersonRevocationsPage>, NotFound>> Revocations(
        Guid id, [FromQuery] string? before, PersonDetails details, CancellationToken cancel)
    {
        var cursor = Guid.TryParse(before, out var act) ? act : (Guid?)null;
        if (await details.FindAsync(id, cancel) is not { } person)
        {
            return TypedResults.NotFound();
        }

        var page = await details.RevocationsAsync(id, cursor, cancel);
        return new RazorComponentResult<PersonRevocationsPage>(new { Person = person, Acts = page.Acts.Select(ListedAct.Of).ToList(), page.Next, Newest = cursor is null });
    }
}
