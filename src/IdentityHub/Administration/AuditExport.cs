using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IdentityHub.Administration;

/// <summary>The audit as a file: CSV (RFC 4180) or JSON Lines, written as it is read.</summary>
internal static class AuditExport
{
    public const string Csv = "csv";
    public const string JsonLines = "jsonl";

    private const string Header = "id,at,action,actor,person,session,address,browser,details,sequence,hash,trace";

    /// <summary>The media type of a format; null when there is no such format.</summary>
    public static string? ContentType(string? format) => format switch
    {
        Csv => "text/csv; charset=utf-8",
        JsonLines => "application/jsonl; charset=utf-8",
        _ => null,
    };

    public static async Task WriteAsync(TextWriter writer, string format, IAsyncEnumerable<AuditRow> rows, CancellationToken cancel)
    {
        writer.NewLine = format == Csv ? "\r\n" : "\n";
        if (format == Csv)
        {
            await writer.WriteLineAsync(Header);
        }

        await foreach (var row in rows.WithCancellation(cancel))
        {
            await writer.WriteLineAsync(format == Csv ? Line(row) : JsonSerializer.Serialize(Json(row)));
        }

        await writer.FlushAsync(cancel);
    }

    public static async Task WriteAsync(Stream stream, string format, IAsyncEnumerable<AuditRow> rows, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await WriteAsync(writer, format, rows, cancel);
    }

    /// <summary>One entry as one object.</summary>
    public static IReadOnlyDictionary<string, object?> Json(AuditRow row) => new Dictionary<string, object?>
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
