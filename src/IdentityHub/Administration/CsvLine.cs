namespace IdentityHub.Administration;

/// <summary>One line of a file of comma separated values (RFC 4180). Pure.</summary>
internal static class CsvLine
{
    /// <summary>The values in their cells, without the end of the line; null is an empty cell.</summary>
    public static string Of(IEnumerable<string?> values) => string.Join(',', values.Select(value => Cell(value ?? "")));

    /// <summary>
    /// A value as it may stand in a cell. What a spreadsheet would read as a formula is made text by an apostrophe before it
    /// (OWASP, "CSV Injection"): a client id may be <c>=cmd|…</c>, and a browser may call itself that.
    /// </summary>
    public static string Cell(string value)
    {
        var text = value is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? "'" + value : value;
        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
