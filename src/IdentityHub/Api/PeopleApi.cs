using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Persons;
using IdentityHub.Revocation;

namespace IdentityHub.Api;

/// <summary>People: finding one, what is known of them, and what is done to them.</summary>
internal static class PeopleApi
{
    private const string One = "/people/{person:guid}";

    public static void MapPeople(this RouteGroupBuilder api)
    {
        api.MapGet("/people", SearchAsync)
            .Allows(Capability.ReadPeople, "searchPeople", "People whose name or address has words that begin so; all of them, the newest first, without a search.", "search", "cursor", "limit")
            .Answers<ApiPage<FoundPerson>>();
        api.MapGet(One, async (HttpContext http, PersonDetails details, Guid person) =>
                await details.FindAsync(person, http.RequestAborted) is { } found ? TypedResults.Ok(ApiPerson.Of(found)) : NotThere)
            .Allows(Capability.ReadPeople, "getPerson", "What is on file of a person.").Answers<ApiPerson>().MayRefuse(StatusCodes.Status404NotFound);
        api.MapGet(One + "/applications", ApplicationsAsync)
            .Allows(Capability.ReadPeople, "listApplicationsOfPerson", "The applications a person is connected to, by client id.", "cursor", "limit").Answers<ApiPage<ConnectedApplication>>().MayRefuse(StatusCodes.Status404NotFound);
        api.MapGet(One + "/activity", ActivityAsync)
            .Allows(Capability.ReadPeople, "listActivityOfPerson", "What happened to a person's account, the newest first.", "cursor", "limit").Answers<ApiPage<Activity>>().MayRefuse(StatusCodes.Status404NotFound);
        api.MapGet(One + "/would-end", WouldEndAsync)
            .Allows(Capability.ReadPeople, "previewEndAll", "What ending everything of a person would end, with the applications in pages. Ends nothing.", "cursor", "limit").Answers<ApiWouldEnd>().MayRefuse(StatusCodes.Status404NotFound);
        Act(api, "/end-all", Capability.EndSessions, "endAllOfPerson", "Ends every session of a person and all access that applications kept; they may sign in again.", (acts, id, by) => acts.EndAllAsync(id, by));
        Act(api, "/disable", Capability.ManagePeople, "disablePerson", "From now on the account signs nobody in; everything ends.", (acts, id, by) => acts.DisableAsync(id, by));
        Act(api, "/enable", Capability.ManagePeople, "enablePerson", "The account signs in again. Ends nothing, and brings nothing back.", (acts, id, by) => acts.EnableAsync(id, by));
        Act(api, "/require-new-password", Capability.ManagePeople, "requireNewPassword", "Password and passkeys are void and everything ends; the person is mailed the way to a new password.", (acts, id, by) => acts.RequireNewPasswordAsync(id, by));
        Describe(api.MapDelete(One, (HttpContext http, PersonActs acts, Guid person) => DoAsync(http, acts, person, (a, id, by) => a.DeleteAsync(id, by))),
            Capability.ManagePeople, "deletePerson", "Closes the account: everything ends, what is personal is erased, and there is no way back.");
    }

    private static void Act(RouteGroupBuilder api, string path, Capability capability, string name, string summary, Func<PersonActs, Guid, Initiator, Task<PersonAct>> act) =>
        Describe(api.MapPost(One + path, (HttpContext http, PersonActs acts, Guid person) => DoAsync(http, acts, person, act)), capability, name, summary);

    private static void Describe(RouteHandlerBuilder endpoint, Capability capability, string name, string summary) =>
        endpoint.Allows(capability, name, summary).OnceByKey().Answers<ApiEnded>().MayRefuse(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);

    private static async Task<IResult> SearchAsync(HttpContext http, People people)
    {
        var parameters = new ApiParameters(http);
        var (search, place) = (parameters.Text("search", People.LongestSearch), parameters.Place());
        if (parameters.Refusal is { } refusal)
        {
            return refusal;
        }

        var page = await people.PageAsync(search, place.After, place.Limit, http.RequestAborted);
        return ApiCursors.Page(http, page.People, page.Next);
    }

    private static async Task<IResult> ApplicationsAsync(HttpContext http, ConnectedApplications applications, PersonDetails details, Guid person)
    {
        var parameters = new ApiParameters(http);
        var place = parameters.Place();
        return parameters.Refusal
            ?? (await details.FindAsync(person, http.RequestAborted) is null ? NotThere
                : place.Of(http, (await applications.OfAsync(person, http.RequestAborted)).OrderBy(a => a.ClientId, StringComparer.Ordinal), a => a.ClientId));
    }

    private static async Task<IResult> ActivityAsync(HttpContext http, ActivityLog log, PersonDetails details, Guid person)
    {
        var parameters = new ApiParameters(http);
        var place = parameters.Place();
        if (parameters.Refusal is { } refusal)
        {
            return refusal;
        }

        if (await details.FindAsync(person, http.RequestAborted) is null)
        {
            return NotThere;
        }

        var page = await log.PageAsync(person, place.AfterId, place.Limit, http.RequestAborted);
        return ApiCursors.Page(http, page.Entries, page.Next);
    }

    private static async Task<IResult> WouldEndAsync(HttpContext http, PersonDetails details, Guid person)
    {
        var parameters = new ApiParameters(http);
        var place = parameters.Place();
        if (parameters.Refusal is { } refusal)
        {
            return refusal;
        }

        if (await details.FindAsync(person, http.RequestAborted) is null)
        {
            return NotThere;
        }

        var ends = await details.WouldEndAsync(person, null, http.RequestAborted);
        var (applications, next) = place.Cut(ends.Applications.OrderBy(a => a.ClientId, StringComparer.Ordinal), a => a.ClientId);
        return TypedResults.Ok(new ApiWouldEnd(ends.Sessions, applications, http.RequestServices.GetRequiredService<ApiCursors>().Seal(http, next)));
    }

    private static async Task<IResult> DoAsync(HttpContext http, PersonActs acts, Guid person, Func<PersonActs, Guid, Initiator, Task<PersonAct>> act)
    {
        var done = await act(acts, person, ApiCaller.Of(http).Initiator);
        return done.Refusal switch
        {
            null => TypedResults.Ok(ApiEnded.Of(done.Ended)),
            PersonRefusal.NotThere => NotThere,
            PersonRefusal.Closed => ApiProblem.Conflict("The account is closed."),
            PersonRefusal.AlreadySo => ApiProblem.Conflict("It is so already."),
            PersonRefusal.Disabled => ApiProblem.Conflict("The account is disabled; enable it first."),
            PersonRefusal.LastAdministrator => ApiProblem.Conflict("This is the last administrator. Make another one first."),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static IResult NotThere => ApiProblem.NotFound("There is no such person.");
}

/// <summary>What ending everything of a person would end.</summary>
/// <param name="Sessions">Live sessions that end.</param>
/// <param name="Applications">Those open in them, by client id: one page of them.</param>
/// <param name="Next">The <c>cursor</c> of the next page of <c>applications</c>; absent on the last.</param>
public sealed record ApiWouldEnd(int Sessions, IReadOnlyList<WouldEndApplication> Applications, string? Next);

/// <summary>What is on file of a person.</summary>
/// <param name="Id">The <c>sub</c>.</param>
/// <param name="Name">Empty when the account is closed.</param>
/// <param name="Email">Absent when the account is closed.</param>
/// <param name="EmailConfirmed">Whether somebody showed that mail arrives there.</param>
/// <param name="CreatedAt">When the account was made.</param>
/// <param name="DisabledAt">Since when it signs nobody in.</param>
/// <param name="ClosedAt">Since when there is nothing personal in it any more.</param>
/// <param name="Password">Whether there is one.</param>
/// <param name="AuthenticatorSince">Since when the person has an authenticator app.</param>
/// <param name="Passkeys">How many.</param>
/// <param name="RecoveryCodes">How many are left.</param>
/// <param name="Role">viewer, operator or administrator; absent for everybody else.</param>
public sealed record ApiPerson(
    Guid Id, string Name, string? Email, bool EmailConfirmed, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt, DateTimeOffset? ClosedAt,
    bool Password, DateTimeOffset? AuthenticatorSince, int Passkeys, int RecoveryCodes, string? Role)
{
    internal static ApiPerson Of(PersonFacts p) => new(
        p.Id, p.Name, p.Email, p.EmailConfirmed, p.CreatedAt, p.DisabledAt, p.ClosedAt, p.Password, p.AuthenticatorSince, p.Passkeys, p.RecoveryCodes, p.Role?.Name());
}
