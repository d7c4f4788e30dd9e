using System.Text;
using System.Text.Json;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Admin;

/// <summary>The revocations that a filter lets through, as a file: written as they are read, however many there are.</summary>
internal static class ExportRevocations
{
    public static async Task<IResult> Get(
        [AsParameters] RevocationQuery query, [FromQuery] string? format, CurrentAdministrator administrator, RevocationList list, HubDb db, AuditTrail audit, CancellationToken cancel)
    {
        var errors = new Dictionary<string, string>();
        var filter = query.Read(errors);
        if (errors.Count > 0 || format is not ("csv" or "jsonl"))
        {
            return TypedResults.StatusCode(StatusCodes.Status400BadRequest);
        }

        // Said before the first line leaves: whoever closes the connection has had what came before.
        audit.Add(db, "revocations_exported", Initiator.Administrator(administrator.UserId).Name, details: new { format, filter = query.Pairs().ToDictionary() });
        await db.SaveChangesAsync(cancel);
        var rows = list.AllAsync(filter, cancel);
        return TypedResults.Stream(
            stream => WriteAsync(stream, rows, format, cancel),
            format == "csv" ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8",
            $"revocations.{format}");
    }

    private static async Task WriteAsync(Stream stream, IAsyncEnumerable<ListedRevocation> rows, string format, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = format == "csv" ? "\r\n" : "\n" };
        if (format == "csv")
        {
            await writer.WriteLineAsync(RevocationExport.Header);
        }

        await foreach (var row in rows.WithCancellation(cancel))
        {
            await writer.WriteLineAsync(format == "csv" ? RevocationExport.Csv(row) : JsonSerializer.Serialize(RevocationExport.Json(row)));
        }
    }
}
