using System.CommandLine;
using System.Globalization;
using IdentityHub.BackChannelLogout;
using IdentityHub.Revocation;
using static IdentityHub.Administration.CommandAnswer;

namespace IdentityHub.Administration;

/// <summary><c>hub revocation acts | show</c>: the acts that ended sessions, beside the deliveries that came to nothing.</summary>
internal static class RevocationCommands
{
    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON: one value a line." };

    /// <param name="revocation">The command <c>revocation</c>, which gets these.</param>
    /// <param name="run">Runs an act against the installation.</param>
    public static Command AddTo(Command revocation, Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var reason = new Option<string?>("--reason") { Description = "For this reason, for example password_reset." };
        var person = new Option<Guid?>("--person") { Description = "Of this person's sessions." };
        var client = new Option<string?>("--client-id") { Description = "That this application was to be told of." };
        var initiator = new Option<string?>("--initiator") { Description = "Asked by: admin:…, user:…, client:…, system or command-line." };
        var from = new Option<DateTimeOffset?>("--from") { Description = "At this instant or later." };
        var until = new Option<DateTimeOffset?>("--until") { Description = "Before this instant." };
        var unconfirmed = new Option<bool>("--unconfirmed") { Description = "Only those that an application has not confirmed." };
        var most = new Option<int>("--most") { DefaultValueFactory = _ => 50, Description = "How many of the latest are printed, at most 100000." };
        var acts = new Command("acts", "The acts that ended sessions, the newest first.") { reason, person, client, initiator, from, until, unconfirmed, most, Json };
        acts.SetAction((parsed, cancel) =>
        {
            RevocationReason? which = null;
            if (parsed.GetValue(reason) is { } wire && (which = Enum.GetValues<RevocationReason>().Select(r => (RevocationReason?)r).FirstOrDefault(r => r!.Value.Wire() == wire)) is null)
            {
                return RefuseAsync($"--reason is '{wire}'; it must be one of {string.Join(", ", Enum.GetValues<RevocationReason>().Select(r => r.Wire()))}.");
            }

            if (parsed.GetValue(most) is < 1 or > 100_000)
            {
                return RefuseAsync(string.Create(CultureInfo.InvariantCulture, $"--most is {parsed.GetValue(most)}; it must be between 1 and 100000."));
            }

            var filter = new RevocationFilter(
                which, parsed.GetValue(person), parsed.GetValue(client), parsed.GetValue(initiator), parsed.GetValue(from), parsed.GetValue(until), parsed.GetValue(unconfirmed));
            return run((services, stop) => ActsAsync(services, filter, parsed.GetValue(most), parsed.GetValue(Json), stop), cancel);
        });
        revocation.Add(acts);

        var id = new Argument<Guid>("id") { Description = "The act." };
        var show = new Command("show", "One act, application by application.") { id, Json };
        show.SetAction((parsed, cancel) => run((services, stop) => ShowAsync(services, parsed.GetValue(id), parsed.GetValue(Json), stop), cancel));
        revocation.Add(show);
        return revocation;
    }

    private static async Task<int> ActsAsync(IServiceProvider services, RevocationFilter filter, int most, bool json, CancellationToken cancel)
    {
        await foreach (var act in services.GetRequiredService<RevocationList>().AllAsync(filter, cancel).Take(most))
        {
            Print(act, json);
        }

        return Done;
    }

    private static async Task<int> ShowAsync(IServiceProvider services, Guid id, bool json, CancellationToken cancel)
    {
        var list = services.GetRequiredService<RevocationList>();
        if (await list.FindAsync(id, cancel) is not { } act)
        {
            return await RefuseAsync($"There is no revocation {id}.", NotFound);
        }

        Print(act, json);
        foreach (var d in await list.DeliveriesAsync(id, cancel))
        {
            if (json)
            {
                Write(new { Delivery = d.Id, d.ClientId, d.State, d.Attempts, d.LastStatus, d.LastOutcome, d.SettledAt, NextAttemptAt = d.State is DeliveryState.Pending ? d.NextAttemptAt : null });
            }
            else
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {d.ClientId}  {d.State}  {d.Attempts} attempts  {d.LastOutcome}").TrimEnd());
            }
        }

        return Done;
    }

    private static void Print(ListedRevocation act, bool json)
    {
        if (json)
        {
            Write(RevocationExport.Json(act));
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{act.Id}  {act.At:yyyy-MM-ddTHH:mm:ssZ}  {act.Reason.Wire()}  {act.Initiator}  {act.Sessions} sessions  {act.Confirmed}/{act.Deliveries} confirmed  {act.Waiting} waiting  {act.Refused} refused  {act.Unconfirmed} unconfirmed"));
    }
}
