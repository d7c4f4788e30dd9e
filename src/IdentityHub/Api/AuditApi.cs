using System.Text.Json.Nodes;
using IdentityHub.Access;
using IdentityHub.Administration;

namespace IdentityHub.Api;

/// <summary>What happened, to whom, by whom.</summary>
internal static class AuditApi
{
    private static readonly string[] Filter = ["person", "action", "actor", "from", "until"];

    public static void MapAudit(this RouteGroupBuilder api)
    {
        api.MapGet("/audit", ListAsync)
            .Allows(Capability.ReadAudit, "listAudit", "Entries of the audit, the newest first.", [.. Filter, "cursor", "limit"]).Answers<ApiPage<ApiAuditEntry>>();
        api.MapGet("/audit/export", Export)
            .Allows(Capability.ReadAudit, "exportAudit", "All entries that the filter lets through, as a file that is written as it is read.", [.. Filter, "format"])
            .Answers<string>(contentType: "application/jsonl");
        api.MapGet("/audit/head", async (HttpContext http, AuditSearch audit) => TypedResults.Ok(ApiAuditHead.Of(await audit.StateAsync(http.RequestAborted))))
            .Allows(Capability.ReadAudit, "getAuditHead", "The end of the chain, to be kept where whoever can write to the database cannot.").Answers<ApiAuditHead>();
    }

    private static async Task<IResult> ListAsync(HttpContext http, AuditSearch audit)
    {
        var parameters = new ApiParameters(http);
        var (filter, place) = (Read(parameters), parameters.Place());
        if (parameters.Refusal is { } refusal)
        {
            return refusal;
        }

        var page = await audit.PageAsync(filter, place.AfterId, place.Limit, http.RequestAborted);
        return ApiCursors.Page(http, page.Entries.Select(ApiAuditEntry.Of), page.Next);
    }

    private static IResult Export(HttpContext http, AuditSearch audit)
    {
        var parameters = new ApiParameters(http);
        var (filter, format, cancel) = (Read(parameters), parameters.Format(), http.RequestAborted);
        return parameters.Refusal ?? AuditExport.File.Download("audit", format, audit.ExportAsync(filter, format, ApiCaller.Of(http).Initiator, cancel), cancel);
    }

    private static AuditFilter Read(ApiParameters parameters) =>
        new(parameters.Id("person"), parameters.Text("action", 60), parameters.Text("actor", 120), parameters.Instant("from"), parameters.Instant("until"));
}

/// <summary>One entry of the audit.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="At">When it happened.</param>
/// <param name="Action">What happened.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Person">To whom.</param>
/// <param name="Session">In or to which session.</param>
/// <param name="Address">Where a person's act came from.</param>
/// <param name="Browser">What the browser says of itself.</param>
/// <param name="Details">Particulars.</param>
/// <param name="Sequence">Its place in the chain; absent for a second or so after it was written.</param>
public sealed record ApiAuditEntry(
    Guid Id, DateTimeOffset At, string Action, string Actor, Guid? Person, Guid? Session, string? Address, string? Browser, JsonNode? Details, long? Sequence)
{
    internal static ApiAuditEntry Of(AuditRow e) => new(e.Id, e.At, e.Action, e.Actor, e.Person, e.Session, e.Address, e.Browser, AuditExport.Details(e.Details), e.Sequence);
}

/// <summary>The end of the chain.</summary>
/// <param name="Sequence">The place given last; 0 before the first.</param>
/// <param name="Hash">The hash there.</param>
/// <param name="SealedAt">When it was given.</param>
/// <param name="Waiting">Entries that have no place yet, counted up to ten thousand.</param>
public sealed record ApiAuditHead(long Sequence, string? Hash, DateTimeOffset? SealedAt, int Waiting)
{
    internal static ApiAuditHead Of(AuditState state) => new(state.Sequence, state.Hash, state.SealedAt, state.Waiting);
}
