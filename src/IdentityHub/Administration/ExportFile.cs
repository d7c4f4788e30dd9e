using System.Text;
using System.Text.Json;

namespace IdentityHub.Administration;

/// <summary>A list as a file: CSV (RFC 4180) or JSON Lines, written as it is read, however long it is.</summary>
/// <param name="Header">The names of the cells.</param>
/// <param name="Csv">A row as cells.</param>
/// <param name="Json">The same as one object.</param>
internal sealed record ExportFile<T>(string Header, Func<T, string> Csv, Func<T, object> Json)
{
    public async Task WriteAsync(TextWriter writer, string format, IAsyncEnumerable<T> rows, CancellationToken cancel)
    {
        var csv = format == ExportFormat.Csv;
        writer.NewLine = csv ? "\r\n" : "\n";
        if (csv)
        {
            await writer.WriteLineAsync(Header);
        }

        await foreach (var row in rows.WithCancellation(cancel))
        {
            await writer.WriteLineAsync(csv ? Csv(row) : JsonSerializer.Serialize(Json(row)));
        }

        await writer.FlushAsync(cancel);
    }

    /// <summary>As the answer to a request.</summary>
    /// <param name="name">Of the file, without what follows the dot.</param>
    /// <param name="format">One of <see cref="ExportFormat"/>.</param>
    /// <param name="rows">Read while they are written.</param>
    /// <param name="cancel">The request's.</param>
    public IResult Download(string name, string format, IAsyncEnumerable<T> rows, CancellationToken cancel) => TypedResults.Stream(
        async stream =>
        {
            await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            await WriteAsync(writer, format, rows, cancel);
        },
        ExportFormat.ContentType(format),
        $"{name}.{format}");
}

/// <summary>The formats of an export, by the ending of the file.</summary>
internal static class ExportFormat
{
    public const string Csv = "csv";
    public const string JsonLines = "jsonl";

    /// <summary>The media type; null when there is no such format.</summary>
    public static string? ContentType(string? format) => format switch
    {
        Csv => "text/csv; charset=utf-8",
        JsonLines => "application/jsonl; charset=utf-8",
        _ => null,
    };
}
