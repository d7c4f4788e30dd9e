using System.Globalization;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.BackChannelLogout;
using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Admin;

/// <summary><c>/admin/revocations</c>: every act that ended sessions, and what became of it application by application.</summary>
internal static class RevocationPages
{
    public const string OnePath = $"{AdminPaths.Revocations}/one";
    public const string LivePath = $"{OnePath}/live";
    public const string ExportPath = $"{AdminPaths.Revocations}/export";
    public const string RingPath = $"{AdminPaths.Revocations}/ring";

    public static string One(Guid id) => $"{OnePath}?id={id}";

    public static string OfClient(string clientId) => $"{AdminPaths.Revocations}?client={Uri.EscapeDataString(clientId)}";

    public static string OfPerson(Guid userId) => $"{AdminPaths.Revocations}?person={userId}";

    public static string List(RevocationQuery query, Guid? before) =>
        AdminPaths.Revocations + QueryString.Create(before is null ? query.Pairs() : query.Pairs().Append(new("before", before.ToString())));

    public static string Export(RevocationQuery query, string format) => ExportPath + QueryString.Create(query.Pairs().Append(new("format", format)));

    public static async Task<RazorComponentResult<RevocationsPage>> GetList(
        [AsParameters] RevocationQuery query, [FromQuery] Guid? before, RevocationList list, CancellationToken cancel)
    {
        var errors = new Dictionary<string, string>();
        var filter = query.Read(errors);
        return new(new
        {
            Page = (object)(errors.Count > 0 ? new ActsPage([], null) : await list.PageAsync(filter, before, RevocationList.PageSize, cancel)),
            Query = query,
            Before = before,
            Errors = (IReadOnlyDictionary<string, string>)errors,
        })
        {
            StatusCode = errors.Count > 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK,
        };
    }

    public static IResult GetExport([AsParameters] RevocationQuery query, [FromQuery] string? format, CurrentAdministrator administrator, RevocationList list, CancellationToken cancel)
    {
        var errors = new Dictionary<string, string>();
        var filter = query.Read(errors);
        return errors.Count > 0 || ExportFormat.ContentType(format) is null
            ? TypedResults.StatusCode(StatusCodes.Status400BadRequest)
            : RevocationExport.File.Download("revocations", format!, list.ExportAsync(filter, format!, Initiator.Administrator(administrator.UserId), cancel), cancel);
    }

    public static async Task<Results<RazorComponentResult<RevocationDetailsPage>, NotFound>> GetOne(
        [FromQuery] Guid? id, [FromQuery] int? applications, [FromQuery] int? rung, CurrentAdministrator administrator, RevocationList list, Confirmations confirmations, CancellationToken cancel)
    {
        if (id is not { } which || await list.FindAsync(which, cancel) is not { } act)
        {
            return TypedResults.NotFound();
        }

        var outcomes = OutcomePage.Of(await confirmations.CountAsync(which), applications);
        return new RazorComponentResult<RevocationDetailsPage>(new
        {
            Act = (object)act,
            Outcomes = outcomes,
            MayRing = administrator.Can(Capability.RedriveRevocations),
            Rung = rung,
            Live = outcomes.Waiting ? $"{LivePath}?id={which}&applications={outcomes.Applications.Number}" : null,
        });
    }

    public static async Task<SeeOther> Ring(
        [FromForm(Name = "revocation")] Guid revocation, [FromForm(Name = "client")] string? client, CurrentAdministrator administrator, UnansweredDeliveries unanswered)
    {
        var rung = string.IsNullOrEmpty(client) ? 0 : await unanswered.RingAgainAsync(Initiator.Administrator(administrator.UserId).Name, client, revocationId: revocation);
        return SeeOther.To(string.Create(CultureInfo.InvariantCulture, $"{One(revocation)}&rung={rung}"));
    }

    public static async Task<Results<ServerSentEventsResult<string>, NotFound>> Live(
        [FromQuery] Guid? id, [FromQuery] int? applications, CurrentAdministrator administrator, HttpContext context, RevocationList list, Confirmations confirmations, StillThere still, TimeProvider time) =>
        id is { } which && await list.FindAsync(which, context.RequestAborted) is not null
            ? TypedResults.ServerSentEvents(OutcomeFeed.WatchAsync(
                forAdministrator: true,
                async () => await still.MayAsync(administrator, Capability.ReadRevocations, context.RequestAborted) ? OutcomePage.Of(await confirmations.CountAsync(which), applications) : null,
                context.RequestServices, time, context.RequestAborted))
            : TypedResults.NotFound();
}
