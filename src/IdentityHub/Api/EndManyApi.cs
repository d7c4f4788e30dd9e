using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using IdentityHub.Access;
using IdentityHub.Revocation;

namespace IdentityHub.Api;

/// <summary>Ending the sessions of many: what it would end, doing it, how far it is, giving up the rest.</summary>
internal static class EndManyApi
{
    public static void MapEndMany(this RouteGroupBuilder api)
    {
        var many = api.MapGroup("/end-many");
        many.MapPost("/preview", PreviewAsync)
            .Allows(Capability.EndSessions, "previewEndMany", "What ending these would end, with the applications in pages; each page counts anew. Ends nothing.", "cursor", "limit").TakesBody<ManyScope>().Answers<ManyPreview>();
        many.MapPost("", StartAsync)
            .Allows(Capability.EndSessions, "startEndMany", "Refuses everybody described from the answer on, and ends their sessions one after the other.")
            .TakesBody<ManyStart>().OnceByKey().Answers<ManyProgress>(StatusCodes.Status202Accepted);
        many.MapGet("", ListAsync)
            .Allows(Capability.ReadRevocations, "listEndMany", "These acts, the latest first.", "cursor", "limit").Answers<ApiPage<ManyProgress>>();
        many.MapGet("/{id:guid}", async Task<IResult> (HttpContext http, MassRevocations acts, Guid id) =>
                await acts.FindAsync(id, http.RequestAborted) is { } found ? TypedResults.Ok(ManyProgress.Of(found, acts)) : NotThere)
            .Allows(Capability.ReadRevocations, "getEndMany", "How far one of these acts is.").Answers<ManyProgress>().MayRefuse(StatusCodes.Status404NotFound);
        many.MapPost("/{id:guid}/cancel", CancelAsync)
            .Allows(Capability.EndSessions, "cancelEndMany", "Gives up what has not ended yet; what has ended stays ended.")
            .OnceByKey().Answers<ManyProgress>().MayRefuse(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> ListAsync(HttpContext http, MassRevocations acts)
    {
        var parameters = new ApiParameters(http);
        var place = parameters.Place();
        if (parameters.Refusal is { } refusal)
        {
            return refusal;
        }

        var page = await acts.PageAsync(place.AfterId, place.Limit, http.RequestAborted);
        return ApiCursors.Page(http, page.Acts.Select(m => ManyProgress.Of(m, acts)), page.Next);
    }

    private static async Task<IResult> PreviewAsync(HttpContext http, MassRevocations acts)
    {
        var (body, refusal) = await ApiJson.ReadAsync<ManyScope>(http);
        if ((refusal ?? body!.Refusal()) is { } because)
        {
            return because;
        }

        var (parameters, asked) = (new ApiParameters(http), body!.Word);
        var place = parameters.Place(asked);
        if (parameters.Refusal is { } unreadable)
        {
            return unreadable;
        }

        try
        {
            var p = await acts.PreviewAsync(body.Scope, http.RequestAborted);
            var (applications, next) = place.Cut(p.Applications.OrderBy(a => a.ClientId, StringComparer.Ordinal), a => a.ClientId);
            return TypedResults.Ok(new ManyPreview(
                p.Sessions, p.People, [.. applications.Select(a => new ManyPreviewApplication(a.ClientId, a.Name, a.Sessions))], p.Silent, (int)p.Estimate.TotalSeconds, asked,
                http.RequestServices.GetRequiredService<ApiCursors>().Seal(http, next, asked)));
        }
        catch (ArgumentException problem)
        {
            return body.Refuse(problem);
        }
    }

    private static async Task<IResult> StartAsync(HttpContext http, MassRevocations acts)
    {
        var (body, refusal) = await ApiJson.ReadAsync<ManyStart>(http);
        if ((refusal ?? body!.Refusal()) is { } because)
        {
            return because;
        }

        if (body!.Confirm != body.Word)
        {
            return ApiProblem.Member("confirm", $"confirm must be '{body.Word}', so that nobody ends more than they mean to.");
        }

        try
        {
            var mass = await acts.StartAsync(body.Scope, ApiCaller.Of(http).Initiator, http.RequestAborted);
            return TypedResults.Accepted($"/api/v1/end-many/{mass.Id}", ManyProgress.Of(mass, acts));
        }
        catch (ArgumentException problem)
        {
            return body.Refuse(problem);
        }
    }

    private static async Task<IResult> CancelAsync(HttpContext http, MassRevocations acts, Guid id)
    {
        var cancelled = await acts.CancelAsync(id, ApiCaller.Of(http).Initiator);
        return await acts.FindAsync(id, http.RequestAborted) is not { } mass ? NotThere
            : cancelled ? TypedResults.Ok(ManyProgress.Of(mass, acts))
            : ApiProblem.Conflict("There is nothing left to give up: the act is over.");
    }

    private static IResult NotThere => ApiProblem.NotFound("There is no such act.");
}

/// <summary>Whom an act on many is about: one of the three.</summary>
internal class ManyScope
{
    [Description("Everybody who is signed in now.")]
    public bool? Everyone { get; init; }

    [Description("Everybody who signed in at this instant or earlier.")]
    public DateTimeOffset? SignedInBefore { get; init; }

    [Description("Every session in which this application takes part.")]
    public string? ClientId { get; init; }

    internal MassScope Scope => new(SignedInBefore, ClientId);

    /// <summary>What has to be typed to confirm it.</summary>
    internal string Word => ClientId ?? SignedInBefore?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "everyone";

    internal IResult? Refusal() => (Everyone is true ? 1 : 0) + (SignedInBefore is null ? 0 : 1) + (ClientId is null ? 0 : 1) == 1
        ? null
        : ApiProblem.Member("everyone", "Say whom: exactly one of everyone (true), signedInBefore and clientId.");

    internal IResult Refuse(ArgumentException problem) => ApiProblem.Member(
        JsonNamingPolicy.CamelCase.ConvertName(ClientId is null ? nameof(SignedInBefore) : nameof(ClientId)), problem.Message.Split(" (Parameter")[0]);
}

/// <summary>The same, with the word that confirms it.</summary>
internal sealed class ManyStart : ManyScope
{
    [Description("What the preview gave as confirm: 'everyone', the client id, or the instant as 2026-11-24T06:00:00Z.")]
    public required string Confirm { get; init; }
}

/// <summary>What an act on many would end.</summary>
/// <param name="Sessions">Sessions that have not ended.</param>
/// <param name="People">Whose they are.</param>
/// <param name="Applications">Who would be told, and of how many, by client id: one page of them.</param>
/// <param name="Silent">Participations of applications that cannot be told.</param>
/// <param name="EstimatedSeconds">How long ending them takes; all are refused at once.</param>
/// <param name="Confirm">What has to be sent to confirm it.</param>
/// <param name="Next">The <c>cursor</c> of the next page of <c>applications</c>, for the same body; absent on the last.</param>
public sealed record ManyPreview(
    long Sessions, long People, IReadOnlyList<ManyPreviewApplication> Applications, long Silent, int EstimatedSeconds, string Confirm, string? Next);

public sealed record ManyPreviewApplication(string ClientId, string Name, long Sessions);

/// <summary>How far an act on many is.</summary>
/// <param name="Id">The act.</param>
/// <param name="State">ending_sessions, revoking_grants, finished, closed or cancelled.</param>
/// <param name="Reason">everyone_revoked or relying_party_revoked.</param>
/// <param name="Before">Sessions from this instant or earlier end.</param>
/// <param name="ClientId">Only those with this application.</param>
/// <param name="Initiator">Who asked.</param>
/// <param name="StartedAt">When.</param>
/// <param name="Expected">How many sessions it covered.</param>
/// <param name="Sessions">How many have ended.</param>
/// <param name="Deliveries">How many logout tokens applications are sent.</param>
/// <param name="RemainingSeconds">By the pace so far; absent when that cannot be said.</param>
/// <param name="FinishedAt">When the last one ended, or the rest was given up.</param>
public sealed record ManyProgress(
    Guid Id, string State, string Reason, DateTimeOffset Before, string? ClientId, string Initiator, DateTimeOffset StartedAt,
    long Expected, long Sessions, long Deliveries, int? RemainingSeconds, DateTimeOffset? FinishedAt)
{
    internal static ManyProgress Of(MassRevocation mass, MassRevocations acts) => new(
        mass.Id, JsonNamingPolicy.SnakeCaseLower.ConvertName(mass.State.ToString()), mass.Reason.Wire(), mass.Before, mass.ClientId, mass.Initiator, mass.StartedAt,
        mass.Expected, mass.Sessions, mass.Deliveries, (int?)acts.Remaining(mass)?.TotalSeconds, mass.FinishedAt);
}
