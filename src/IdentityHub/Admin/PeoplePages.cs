using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Pages;
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
        return new(new { Search = q, After = after, TooLong = tooLong, Found = tooLong ? new PeoplePage([], null) : await people.PageAsync(q, after, People.PageSize, cancel) })
        { StatusCode = tooLong ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK };
    }

    /// <summary>The list alone, while somebody types.</summary>
    public static async Task<RazorComponentResult<PeopleFound>> Found([FromQuery] string? q, People people, CancellationToken cancel) =>
        new(new { Search = q, Found = await people.PageAsync(q, null, People.PageSize, cancel) });

    public static async Task<Results<RazorComponentResult<PersonPage>, NotFound>> Person(
        Guid id, [FromQuery] int? page, [FromQuery] int? applications,
        CurrentAdministrator administrator, PersonDetails details, SessionList sessions, ConnectedApplications connected, CancellationToken cancel)
    {
        if (await details.FindAsync(id, cancel) is not { } person)
        {
            return TypedResults.NotFound();
        }

        return new RazorComponentResult<PersonPage>(new
        {
            Person = person,
            Sessions = await sessions.PageAsync(id, administrator.Session.Id, Math.Clamp(page ?? 1, 1, LastPossiblePage), cancel),
            Applications = ListPage.Of(await connected.OfAsync(id, cancel), applications),
            MayEnd = administrator.Can(Capability.EndSessions),
            MayManage = administrator.Can(Capability.ManagePeople),
        });
    }

    /// <summary>One live session of the person, with every application that is open in it.</summary>
    public static async Task<IResult> Session(
        Guid id, Guid session, [FromQuery] string? after, CurrentAdministrator administrator, PersonDetails details, LiveSessionList sessions, CancellationToken cancel)
    {
        if (await details.FindAsync(id, cancel) is not { } person)
        {
            return TypedResults.NotFound();
        }

        // Over already, or somebody else's: the page of the person shows what is live.
        return await sessions.FindAsync(session, cancel) is not { } found || found.Person != id
            ? SeeOther.To(PersonPaths.Of(id))
            : new RazorComponentResult<PersonSessionPage>(new
            {
                Person = person,
                Session = found,
                Applications = await sessions.ApplicationsAsync(session, after, ListPage.Size, cancel),
                First = after is null,
                MayEnd = administrator.Can(Capability.EndSessions),
            });
    }

    public static async Task<Results<RazorComponentResult<PersonActivityPage>, NotFound>> Activity(
        Guid id, [FromQuery] string? before, PersonDetails details, ActivityLog log, CancellationToken cancel)
    {
        var cursor = Guid.TryParse(before, out var entry) ? entry : (Guid?)null;
        return await details.FindAsync(id, cancel) is { } person
            ? new RazorComponentResult<PersonActivityPage>(new { Person = person, Page = await log.PageAsync(id, cursor, ActivityLog.PageSize, cancel), Newest = cursor is null })
            : TypedResults.NotFound();
    }

    public static async Task<Results<RazorComponentResult<PersonRevocationsPage>, NotFound>> Revocations(
        Guid id, [FromQuery] string? before, PersonDetails details, RevocationList list, CancellationToken cancel)
    {
        var cursor = Guid.TryParse(before, out var act) ? act : (Guid?)null;
        if (await details.FindAsync(id, cancel) is not { } person)
        {
            return TypedResults.NotFound();
        }

        var page = await list.PageAsync(new(UserId: id), cursor, RevocationList.PageSize, cancel);
        return new RazorComponentResult<PersonRevocationsPage>(new { Person = person, Acts = page.Revocations.Select(ListedAct.Of).ToList(), page.Next, Newest = cursor is null });
    }
}
