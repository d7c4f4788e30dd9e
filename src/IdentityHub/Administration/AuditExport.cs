using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IdentityHub.Administration;

/// <summary>One entry of the audit as a line of a file. Pure.</summary>
internal static class AuditExport
{
    public static readonly ExportFile<AuditRow> File = new("id,at,action,actor,person,session,address,browser,details,sequence,hash,trace", Line, Json);

    /// <summary>One entry as one object.</summary>
    private static Dictionary<string, object?> Json(AuditRow row) => new()
    {
        ["id"] = row.Id,
        ["at"] = At(row),
        ["action"] = row.Action,
        ["actor"] = row.Actor,
        ["person"] = row.Person,
        ["session"] = row.Session,
        ["address"] = row.Address,
        ["browser"] = row.Browser,
        ["details"] = Details(row.Details),
        ["sequence"] = row.Sequence,
        ["hash"] = row.Hash is { } hash ? Convert.ToHexStringLower(hash) : null,
        ["trace"] = row.Trace is { } trace ? Convert.ToHexStringLower(trace) : null,
    };

    private static string Line(AuditRow row) => CsvLine.Of(
    [
        row.Id.ToString(), At(row), row.Action, row.Actor, row.Person?.ToString(), row.Session?.ToString(), row.Address, row.Browser, row.Details,
        row.Sequence?.ToString(CultureInfo.InvariantCulture), row.Hash is { } hash ? Convert.ToHexStringLower(hash) : null, row.Trace is { } trace ? Convert.ToHexStringLower(trace) : null,
    ]);

    /// <summary>Particulars as JSON; as text where somebody has written something else there.</summary>
    public static JsonNode? Details(string? details)
    {
        try
        {
            return details is null ? null : JsonNode.Parse(details);
        }
        catch (JsonException)
        {
            return JsonValue.Create(details);
        }
    }

    // To the microsecond, as the chain covers it.
    private static string At(AuditRow row) => row.At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
