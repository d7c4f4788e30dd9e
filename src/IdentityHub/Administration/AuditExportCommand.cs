using System.CommandLine;
using System.Globalization;
using IdentityHub.Revocation;

namespace IdentityHub.Administration;

/// <summary><c>hub audit export</c>: the audit as CSV or JSON Lines, on standard output.</summary>
internal static class AuditExportCommand
{
    /// <summary>Adds it beside <c>hub audit verify</c>.</summary>
    public static void AddTo(Command audit, Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var person = new Option<Guid?>("--person") { Description = "What happened to this person, by identifier." };
        var action = new Option<string?>("--action") { Description = "Of this action, for example session_ended." };
        var actor = new Option<string?>("--actor") { Description = "By them: admin:ID, client:ID, user:ID, command-line, system." };
        var from = new Option<string?>("--from") { Description = "From this instant on, for example 2026-11-24T06:00:00Z." };
        var until = new Option<string?>("--until") { Description = "Up to this instant, which is not part of it." };
        var csv = new Option<bool>("--csv") { Description = "As CSV." };
        var json = new Option<bool>("--json") { Description = "As JSON Lines (the default)." };
        var export = new Command("export", "The entries of the audit, the newest first, each with its place in the chain.") { person, action, actor, from, until, csv, json };
        export.SetAction((parsed, cancel) =>
        {
            var answer = Spoken.Of(parsed, json);
            foreach (var (option, text) in new[] { ("--from", parsed.GetValue(from)), ("--until", parsed.GetValue(until)) })
            {
                if (text is not null && Instant(text) is null)
                {
                    return answer.RefuseAsync($"{option} is '{text}'; write an instant like 2026-11-24T06:00:00Z.");
                }
            }

            var filter = new AuditFilter(parsed.GetValue(person), parsed.GetValue(action), parsed.GetValue(actor), Instant(parsed.GetValue(from)), Instant(parsed.GetValue(until)));
            var format = parsed.GetValue(csv) ? ExportFormat.Csv : ExportFormat.JsonLines;
            return run(async (services, stop) =>
            {
                await AuditExport.File.WriteAsync(answer.Output, format, services.GetRequiredService<AuditSearch>().ExportAsync(filter, format, Initiator.CommandLine, stop), stop);
                return 0;
            }, cancel);
        });
        audit.Add(export);
    }

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
