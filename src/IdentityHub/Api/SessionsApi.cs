using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Revocation;

namespace IdentityHub.Api;

/// <summary>Live sessions, and ending one.</summary>
internal static class SessionsApi
{
    public static void MapSessions(this RouteGroupBuilder api)
    {
        api.MapGet("/sessions", (HttpContext http, LiveSessionList sessions) => ListAsync(http, sessions, null))
            .Allows(Capability.ReadPeople, "listSessions", "All live sessions, person by person.", "cursor", "limit").Answers<ApiPage<LiveSession>>();
        api.MapGet("/people/{person:guid}/sessions", (HttpContext http, LiveSessionList sessions, Guid person) => ListAsync(http, sessions, person))
            .Allows(Capability.ReadPeople, "listSessionsOfPerson", "The live sessions of a person.", "cursor", "limit").Answers<ApiPage<LiveSession>>().MayRefuse(StatusCodes.Status404NotFound);
        api.MapGet("/sessions/{session:guid}", GetAsync)
            .Allows(Capability.ReadPeople, "getSession", "One live session.").Answers<LiveSession>().MayRefuse(StatusCodes.Status404NotFound);
        api.MapGet("/sessions/{session:guid}/applications", ApplicationsAsync)
            .Allows(Capability.ReadPeople, "listApplicationsOfSession", "The applications that are open in a live session, by client id.", "cursor", "limit")
            .Answers<ApiPage<LiveSessionApplication>>().MayRefuse(StatusCodes.Status404NotFound);
        api.MapPost("/sessions/{session:guid}/end", EndAsync)
            .Allows(Capability.EndSessions, "endSession", "Ends one session; every application in it is told.").OnceByKey().Answers<ApiEnded>().MayRefuse(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(HttpContext http, LiveSessionList sessions, Guid? person)
    {
        var parameters = new ApiParameters(http);
        var place = parameters.Place();
        if (parameters.Refusal is { } refusal)
        {
            return refusal;
        }

        if (person is { } id && await http.RequestServices.GetRequiredService<PersonDetails>().FindAsync(id, http.RequestAborted) is null)
        {
            return ApiProblem.NotFound("There is no such person.");
        }

        var page = await sessions.PageAsync(person, LiveSessionPlace.Parse(place.After), place.Limit, http.RequestAborted);
        return ApiCursors.Page(http, page.Sessions, page.Next);
    }

    private static async Task<IResult> GetAsync(HttpContext http, LiveSessionList sessions, Guid session) =>
        await sessions.FindAsync(session, http.RequestAborted) is { } found ? TypedResults.Ok(found) : NotThere;

    private static async Task<IResult> ApplicationsAsync(HttpContext http, LiveSessionList sessions, Guid session)
    {
        var parameters = new ApiParameters(http);
        var place = parameters.Place();
        if (parameters.Refusal is { } refusal)
        {
            return refusal;
        }

        if (await sessions.FindAsync(session, http.RequestAborted) is null)
        {
            return NotThere;
        }

        var page = await sessions.ApplicationsAsync(session, place.After, place.Limit, http.RequestAborted);
        return ApiCursors.Page(http, page.Applications, page.Next);
    }

    private static async Task<IResult> EndAsync(HttpContext http, SessionRevoker revoker, Guid session)
    {
        var ended = await revoker.EndSessionAsync(session, RevocationReason.SessionRevokedByAdministrator, ApiCaller.Of(http).Initiator);
        return ended == Ended.Nothing ? NotThere : TypedResults.Ok(ApiEnded.Of(ended));
    }

    private static IResult NotThere => ApiProblem.NotFound("There is no live session with this identifier.");
}
