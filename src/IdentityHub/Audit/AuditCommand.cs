using System.CommandLine;
using System.Text.Json;

namespace IdentityHub.Audit;

/// <summary><c>hub audit verify</c>: whether the audit is as it was written.</summary>
internal static class AuditCommand
{
    public static Command Create(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var head = new Option<string?>("--head") { Description = "An end of the chain that was kept, as this command printed it (SEQUENCE:HASH): it must still be part of it." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var verify = new Command("verify", "Walks the chain of the audit and names what is not as it was written. Exit code 4 when something is not.") { head, json };
        verify.SetAction((parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var known = parsed.GetValue(head) is { } text ? AuditCheckpoint.Parse(text) : null;
            return known is null && parsed.GetValue(head) is { } other
                ? RefuseAsync(error, other)
                : run((services, stop) => VerifyAsync(services.GetRequiredService<AuditVerification>(), known, parsed.GetValue(json), output, stop), cancel);
        });
        return new Command("audit", "What happened, to whom, by whom.") { verify };
    }

    private static async Task<int> VerifyAsync(AuditVerification verification, AuditCheckpoint? known, bool json, TextWriter output, CancellationToken cancel)
    {
        var report = await verification.VerifyAsync(known, cancel);
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(
                new
                {
                    report.Intact,
                    report.Entries,
                    report.Waiting,
                    head = report.Head?.ToString(),
                    findings = report.Findings.Select(f => new { kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(f.Kind.ToString()), f.Sequence, f.EntryId, f.What }),
                },
                JsonSerializerOptions.Web));
        }
        else
        {
            foreach (var finding in report.Findings)
            {
                await output.WriteLineAsync(finding.What);
            }

            await output.WriteLineAsync(FormattableString.Invariant($"{report.Entries} entries, {(report.Intact ? "intact" : "NOT intact")}{(report.Waiting > 0 ? $"; {report.Waiting} more wait for their place" : "")}."));
            await output.WriteLineAsync($"head: {report.Head?.ToString() ?? "none yet"}");
        }

        return report.Intact ? 0 : 4;
    }

    private static async Task<int> RefuseAsync(TextWriter error, string head)
    {
        await error.WriteLineAsync($"--head is '{head}'; write it as 'hub audit verify' printed it: a number, a colon, 64 hexadecimal digits.");
        return 2;
    }
}
