using System.ComponentModel;
using System.Text.Json;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.BackChannelLogout;
using IdentityHub.Revocation;

namespace IdentityHub.Api;

/// <summary>Acts that ended sessions, what became of each at the applications, and having those told again that did not confirm.</summary>
internal static class RevocationsApi
{
    private static readonly string[] Filter = ["person", "reason", "initiator", "clientId", "from", "until", "unconfirmed"];

    public static void MapRevocations(this RouteGroupBuilder api)
    {
        api.MapGet("/revocations", ListAsync)
            .Allows(Capability.ReadRevocations, "listRevocations", "Acts that ended sessions, the newest first.", [.. Filter, "cursor", "limit"])
            .Answers<ApiPage<ApiRevocation>>();
        api.MapGet("/revocations/export", Export)
            .Allows(Capability.ReadRevocations, "exportRevocations", "All acts that the filter lets through, as a file that is written as it is read. The export is in the audit.", [.. Filter, "format"])
            .Answers<string>(contentType: "application/jsonl");
        api.MapGet("/revocations/{id:guid}", GetAsync)
            .Allows(Capability.ReadRevocations, "getRevocation", "One act, and delivery by delivery, in pages, what became of it at the applications.", "cursor", "limit").Answers<ApiRevocationDetails>().MayRefuse(StatusCodes.Status404NotFound);
        api.MapPost("/revocations/redrive", RedriveAsync)
            .Allows(Capability.RedriveRevocations, "redriveRevocations", "Tries deliveries anew that were refused or never confirmed.").TakesBody<ApiRedrive>().OnceByKey().Answers<ApiRedriven>();
    }

    private static async Task<IResult> ListAsync(HttpContext http, RevocationList list)
    {
        var parameters = new ApiParameters(http);
        var (filter, place) = (Read(parameters), parameters.Place());
        if (parameters.Refusal is { } refusal)
        {
            return refusal;
        }

        var page = await list.PageAsync(filter, place.AfterId, place.Limit, http.RequestAborted);
        return ApiCursors.Page(http, page.Revocations.Select(ApiRevocation.Of), page.Next);
    }

    private static IResult Export(HttpContext http, RevocationList list)
    {
        var parameters = new ApiParameters(http);
        var (filter, format, cancel) = (Read(parameters), parameters.Format(), http.RequestAborted);
        return parameters.Refusal ?? RevocationExport.File.Download("revocations", format, list.ExportAsync(filter, format, ApiCaller.Of(http).Initiator, cancel), cancel);
    }

    private static async Task<IResult> GetAsync(HttpContext http, RevocationList list, Guid id)
    {
        var parameters = new ApiParameters(http);
        var place = parameters.Place();
        if (parameters.Refusal is { } refusal)
        {
            return refusal;
        }

        if (await list.FindAsync(id, http.RequestAborted) is not { } found)
        {
            return ApiProblem.NotFound("There is no such revocation.");
        }

        var page = await list.DeliveriesAsync(id, place.AfterId, place.Limit, http.RequestAborted);
        return TypedResults.Ok(new ApiRevocationDetails(
            ApiRevocation.Of(found), [.. page.Deliveries.Select(ApiDelivery.Of)], http.RequestServices.GetRequiredService<ApiCursors>().Seal(http, page.Next)));
    }

    private static RevocationFilter Read(ApiParameters parameters)
    {
        RevocationReason? reason = null;
        if (parameters.Text("reason", 40) is { } wire && (reason = Enum.GetValues<RevocationReason>().Select(r => (RevocationReason?)r).FirstOrDefault(r => r!.Value.Wire() == wire)) is null)
        {
            parameters.Refuse("reason", $"reason is '{wire}', which is none.");
        }

        var unconfirmed = parameters.Text("unconfirmed", 5);
        if (unconfirmed is not (null or "true" or "false"))
        {
            parameters.Refuse("unconfirmed", $"unconfirmed is '{unconfirmed}'; it must be true or false.");
        }

        return new(reason, parameters.Id("person"), parameters.Text("clientId", 100), parameters.Text("initiator", 120), parameters.Instant("from"), parameters.Instant("until"), unconfirmed == "true");
    }

    private static async Task<IResult> RedriveAsync(HttpContext http, UnansweredDeliveries unanswered)
    {
        var (body, refusal) = await ApiJson.ReadAsync<ApiRedrive>(http);
        if (refusal is not null)
        {
            return refusal;
        }

        return (body!.All is true ? 1 : 0) + (body.ClientId is null ? 0 : 1) + (body.Delivery is null ? 0 : 1) != 1
            ? ApiProblem.Member("all", "Say which: exactly one of all (true), clientId and delivery.")
            : TypedResults.Ok(new ApiRedriven(await unanswered.RingAgainAsync(ApiCaller.Of(http).Initiator.Name, body.ClientId, body.Delivery)));
    }
}

/// <summary>Which deliveries are tried anew: one of the three.</summary>
internal sealed class ApiRedrive
{
    [Description("Those of all applications.")]
    public bool? All { get; init; }

    [Description("Those of this application.")]
    public string? ClientId { get; init; }

    [Description("This one.")]
    public Guid? Delivery { get; init; }
}

/// <param name="Deliveries">How many are tried anew.</param>
public sealed record ApiRedriven(int Deliveries);

/// <summary>An act that ended sessions.</summary>
/// <param name="Id">The act.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why, in snake case.</param>
/// <param name="Initiator">Who asked.</param>
/// <param name="Person">Whose sessions ended.</param>
/// <param name="Sessions">How many.</param>
/// <param name="Deliveries">How many logout tokens were owed.</param>
/// <param name="Confirmed">How many were confirmed.</param>
/// <param name="Waiting">How many are being tried.</param>
/// <param name="Refused">How many were refused.</param>
/// <param name="Unconfirmed">How many were given up.</param>
/// <param name="EndMany">The act on many that it was a part of.</param>
public sealed record ApiRevocation(
    Guid Id, DateTimeOffset At, string Reason, string Initiator, Guid Person, int Sessions, int Deliveries, int Confirmed, int Waiting, int Refused, int Unconfirmed, Guid? EndMany)
{
    internal static ApiRevocation Of(ListedRevocation r) => new(
        r.Id, r.At, r.Reason.Wire(), r.Initiator, r.UserId, r.Sessions, r.Deliveries, r.Confirmed, r.Waiting, r.Refused, r.Unconfirmed, r.MassRevocationId);
}

/// <param name="Revocation">The act.</param>
/// <param name="Applications">What became of it at each application, session by session: one page of them.</param>
/// <param name="Next">The <c>cursor</c> of the next page of <c>applications</c>; absent on the last.</param>
public sealed record ApiRevocationDetails(ApiRevocation Revocation, IReadOnlyList<ApiDelivery> Applications, string? Next);

/// <param name="Id">The delivery, by which it can be tried anew.</param>
/// <param name="ClientId">The application.</param>
/// <param name="Session">The session that ended.</param>
/// <param name="State">pending, confirmed, rejected or unconfirmed.</param>
/// <param name="Attempts">How many there were.</param>
/// <param name="LastStatus">The HTTP status of the last answer.</param>
/// <param name="LastOutcome">What happened last.</param>
/// <param name="NextAttemptAt">When it is tried next.</param>
/// <param name="SettledAt">Since when that is not owed any more.</param>
public sealed record ApiDelivery(
    Guid Id, string ClientId, Guid Session, string State, int Attempts, int? LastStatus, string? LastOutcome, DateTimeOffset? NextAttemptAt, DateTimeOffset? SettledAt)
{
    internal static ApiDelivery Of(LogoutDelivery d) => new(
        d.Id, d.ClientId, d.SessionId, JsonNamingPolicy.SnakeCaseLower.ConvertName(d.State.ToString()), d.Attempts, d.LastStatus, d.LastOutcome, d.NextAttemptAt, d.SettledAt);
}
