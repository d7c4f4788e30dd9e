using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Admin;

/// <summary><c>/admin/audit</c>: what happened, to whom, by whom, and how far the chain is.</summary>
internal static class AuditPages
{
    public const string ExportPath = AdminPaths.Audit + "/export";

    public static void MapAuditPages(this WebApplication app)
    {
        app.MapGet(AdminPaths.Audit, List).Needs(Capability.ReadAudit);
        app.MapGet(ExportPath, Export).Needs(Capability.ReadAudit);
    }

    private static async Task<RazorComponentResult<AuditPageView>> List([AsParameters] AuditQuery query, [FromQuery] string? before, AuditSearch audit, CancellationToken cancel)
    {
        var errors = new Dictionary<string, string>();
        var filter = query.Read(errors);
        var cursor = Guid.TryParse(before, out var entry) ? entry : (Guid?)null;
        return new(new
        {
            Query = query,
            Newest = cursor is null,
            Errors = (IReadOnlyDictionary<string, string>)errors,
            Found = errors.Count > 0 ? new AuditPage([], null) : await audit.PageAsync(filter, cursor, AuditSearch.PageSize, cancel),
            State = await audit.StateAsync(cancel),
        })
        { StatusCode = errors.Count > 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK };
    }

    private static IResult Export(
        [AsParameters] AuditQuery query, [FromQuery] string? format, CurrentAdministrator administrator, AuditSearch audit, CancellationToken cancel)
    {
        var errors = new Dictionary<string, string>();
        var filter = query.Read(errors);
        return errors.Count > 0 || ExportFormat.ContentType(format) is null
            ? TypedResults.StatusCode(StatusCodes.Status400BadRequest)
            : AuditExport.File.Download("audit", format!, audit.ExportAsync(filter, format!, Initiator.Administrator(administrator.UserId), cancel), cancel);
    }
}
