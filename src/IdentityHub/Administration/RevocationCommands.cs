using System.CommandLine;
using IdentityHub.BackChannelLogout;
using IdentityHub.Revocation;

namespace IdentityHub.Administration;

/// <summary>
/// <c>hub revocation acts | show | export</c>: the acts that ended sessions, and what became of them;
/// <c>list | redrive</c>: the deliveries that came to nothing.
/// </summary>
internal static class RevocationCommands
{
    private const int MostListed = 1000;
    private const int MostActs = 100_000;

    private static readonly Option<bool> Json = new("--json") { Description = "Answer in JSON, one object a line." };

    public static Command Create(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run) =>
        new("revocation", "What ended sessions, and what became of it at the applications.") { Acts(run), Show(run), Export(run), List(run), Redrive(run) };

    private static Command Acts(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var filter = new RevocationFilterOptions();
        var most = new Option<int>("--most") { DefaultValueFactory = _ => 50, Description = $"How many of the latest are printed, at most {MostActs}." };
        var acts = filter.AddTo(new Command("acts", "The acts that ended sessions, the newest first.") { most, Json });
        acts.SetAction((parsed, cancel) =>
        {
            var (answer, count) = (Spoken.Of(parsed, Json), parsed.GetValue(most));
            return (filter.Read(parsed, out var which) ?? (count is < 1 or > MostActs ? FormattableString.Invariant($"--most is {count}; it must be between 1 and {MostActs}.") : null)) is { } refusal
                ? answer.RefuseAsync(refusal)
                : run((services, stop) => ActsAsync(services.GetRequiredService<RevocationList>(), which, count, answer, stop), cancel);
        });
        return acts;
    }

    private static Command Show(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var id = new Argument<Guid>("id") { Description = "The act." };
        var show = new Command("show", "One act, application by application.") { id, Json };
        show.SetAction((parsed, cancel) => run((services, stop) => ShowAsync(services.GetRequiredService<RevocationList>(), parsed.GetValue(id), Spoken.Of(parsed, Json), stop), cancel));
        return show;
    }

    private static Command Export(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var (filter, csv) = (new RevocationFilterOptions(), new Option<bool>("--csv") { Description = "As CSV." });
        var json = new Option<bool>("--json") { Description = "As JSON Lines (the default)." };
        var export = filter.AddTo(new Command("export", "All acts that the filter lets through, the newest first, as a file on standard output. The export is in the audit.") { csv, json });
        export.SetAction((parsed, cancel) =>
        {
            var (answer, format) = (Spoken.Of(parsed, json), parsed.GetValue(csv) ? ExportFormat.Csv : ExportFormat.JsonLines);
            return filter.Read(parsed, out var which) is { } refusal
                ? answer.RefuseAsync(refusal)
                : run(
                    async (services, stop) =>
                    {
                        await RevocationExport.File.WriteAsync(answer.Output, format, services.GetRequiredService<RevocationList>().ExportAsync(which, format, Initiator.CommandLine, stop), stop);
                        return Spoken.Done;
                    },
                    cancel);
        });
        return export;
    }

    private static Command List(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var client = new Option<string?>("--client-id") { Description = "Of this application alone." };
        var most = new Option<int>("--most") { DefaultValueFactory = _ => 50, Description = $"How many of the latest are listed, at most {MostListed}." };
        var list = new Command("list", "Which deliveries were refused, or never confirmed until their horizon.") { client, most, Json };
        list.SetAction((parsed, cancel) =>
        {
            var (answer, count) = (Spoken.Of(parsed, Json), parsed.GetValue(most));
            return count is < 1 or > MostListed
                ? answer.RefuseAsync(FormattableString.Invariant($"--most is {count}; it must be between 1 and {MostListed}."))
                : run((services, _) => ListAsync(services.GetRequiredService<UnansweredDeliveries>(), parsed.GetValue(client), count, answer), cancel);
        });
        return list;
    }

    private static Command Redrive(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var client = new Option<string?>("--client-id") { Description = "Of this application alone." };
        var delivery = new Option<string?>("--delivery") { Description = "This one alone, by its identifier." };
        var all = new Option<bool>("--all") { Description = "Of all applications." };
        var redrive = new Command("redrive", "Try them anew. The nodes that run see it at their next look.") { client, delivery, all, Json };
        redrive.SetAction((parsed, cancel) => run(
            (services, _) => RedriveAsync(services.GetRequiredService<UnansweredDeliveries>(), parsed.GetValue(client), parsed.GetValue(delivery), parsed.GetValue(all), Spoken.Of(parsed, Json)), cancel));
        return redrive;
    }

    private static async Task<int> ActsAsync(RevocationList list, RevocationFilter filter, int most, Spoken answer, CancellationToken cancel)
    {
        await foreach (var act in list.AllAsync(filter, cancel).Take(most))
        {
            Say(act, answer);
        }

        return Spoken.Done;
    }

    private static async Task<int> ShowAsync(RevocationList list, Guid id, Spoken answer, CancellationToken cancel)
    {
        if (await list.FindAsync(id, cancel) is not { } act)
        {
            return await answer.RefuseAsync($"There is no revocation {id}.", Spoken.NotFound);
        }

        Say(act, answer);
        for (Guid? after = null; ;)
        {
            var page = await list.DeliveriesAsync(id, after, MostListed, cancel);
            Say(page.Deliveries, answer);
            if (page.Next is null)
            {
                return Spoken.Done;
            }

            after = page.Next;
        }
    }

    private static void Say(IReadOnlyList<LogoutDelivery> deliveries, Spoken answer)
    {
        foreach (var d in deliveries)
        {
            answer.Answer(
                new { delivery = d.Id, d.ClientId, session = d.SessionId, d.State, d.Attempts, d.LastStatus, d.LastOutcome, d.SettledAt, nextAttemptAt = d.State is DeliveryState.Pending ? d.NextAttemptAt : null },
                FormattableString.Invariant($"  {d.ClientId}  {d.State}  {d.Attempts} attempts  {d.LastOutcome}").TrimEnd());
        }
    }

    private static async Task<int> ListAsync(UnansweredDeliveries unanswered, string? client, int most, Spoken answer)
    {
        foreach (var count in (await unanswered.CountAsync()).Where(c => client is null || c.ClientId == client))
        {
            answer.Answer(count, FormattableString.Invariant($"{count.ClientId}: {count.Rejected} rejected, {count.Unconfirmed} unconfirmed"));
        }

        foreach (var d in await unanswered.ListAsync(client, most))
        {
            answer.Answer(
                new { delivery = d.Id, revocation = d.RevocationId, d.SettledAt, d.ClientId, d.State, d.Attempts, d.LastOutcome },
                FormattableString.Invariant($"{d.Id}  {d.SettledAt:yyyy-MM-ddTHH:mm:ssZ}  {d.ClientId}  {d.State}  {d.Attempts} attempts  {d.LastOutcome}"));
        }

        return Spoken.Done;
    }

    private static async Task<int> RedriveAsync(UnansweredDeliveries unanswered, string? client, string? delivery, bool all, Spoken answer)
    {
        Guid? id = Guid.TryParse(delivery, out var parsed) ? parsed : null;
        if (delivery is not null && id is null)
        {
            return await answer.RefuseAsync($"--delivery is '{delivery}'; it must be an identifier as 'revocation list' prints it.");
        }

        if (client is null && id is null && !all)
        {
            return await answer.RefuseAsync("Which? Give --client-id, --delivery or --all.");
        }

        var rung = await unanswered.RingAgainAsync(Initiator.CommandLine.Name, client, id);
        return answer.Answer(new { deliveries = rung }, FormattableString.Invariant($"{rung} deliveries are tried anew."));
    }

    private static void Say(ListedRevocation act, Spoken answer) => answer.Answer(
        new
        {
            act.Id, act.At, reason = act.Reason.Wire(), act.Initiator, person = act.UserId, act.Sessions, act.Deliveries, act.Confirmed, act.Waiting, act.Refused, act.Unconfirmed, endMany = act.MassRevocationId,
        },
        FormattableString.Invariant(
            $"{act.Id}  {act.At:yyyy-MM-ddTHH:mm:ssZ}  {act.Reason.Wire()}  {act.Initiator}  {act.Sessions} sessions  {act.Confirmed}/{act.Deliveries} confirmed  {act.Waiting} waiting  {act.Refused} refused  {act.Unconfirmed} unconfirmed"));
}

/// <summary>The filter of the acts that ended sessions, as options.</summary>
internal sealed class RevocationFilterOptions
{
    private readonly Option<string?> _reason = new("--reason") { Description = "For this reason, for example password_reset." };
    private readonly Option<Guid?> _person = new("--person") { Description = "Of this person's sessions." };
    private readonly Option<string?> _client = new("--client-id") { Description = "That this application was to be told of." };
    private readonly Option<string?> _initiator = new("--initiator") { Description = "Asked by: admin:…, user:…, client:…, system or command-line." };
    private readonly Option<DateTimeOffset?> _from = new("--from") { Description = "At this instant or later." };
    private readonly Option<DateTimeOffset?> _until = new("--until") { Description = "Before this instant." };
    private readonly Option<bool> _unconfirmed = new("--unconfirmed") { Description = "Only those that an application has not confirmed." };

    public Command AddTo(Command command)
    {
        foreach (var option in new Option[] { _reason, _person, _client, _initiator, _from, _until, _unconfirmed })
        {
            command.Add(option);
        }

        return command;
    }

    /// <summary>Null when it could be read, otherwise why not.</summary>
    public string? Read(ParseResult parsed, out RevocationFilter filter)
    {
        var wire = parsed.GetValue(_reason);
        var reason = Enum.GetValues<RevocationReason>().Select(r => (RevocationReason?)r).FirstOrDefault(r => r!.Value.Wire() == wire);
        filter = new(
            reason, parsed.GetValue(_person), parsed.GetValue(_client), parsed.GetValue(_initiator), parsed.GetValue(_from), parsed.GetValue(_until), parsed.GetValue(_unconfirmed));
        return wire is null || reason is not null ? null : $"--reason is '{wire}'; it must be one of {string.Join(", ", Enum.GetValues<RevocationReason>().Select(r => r.Wire()))}.";
    }
}
