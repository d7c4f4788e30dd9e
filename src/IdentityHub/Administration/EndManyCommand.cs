using System.CommandLine;
using System.Globalization;
using IdentityHub.Revocation;

namespace IdentityHub.Administration;

/// <summary><c>hub end-many start | status | cancel</c>: ends the sessions of many people from the command line.</summary>
internal static class EndManyCommand
{
    public static Command Create(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var json = new Option<bool>("--json") { Description = "Answer in JSON, one object a line." };
        var everyone = new Option<bool>("--everyone") { Description = "Everybody who is signed in now." };
        var before = new Option<string?>("--signed-in-before") { Description = "Everybody who signed in at this instant or earlier, for example 2026-11-24T06:00:00Z." };
        var client = new Option<string?>("--client-id") { Description = "Every session in which this application takes part." };
        var confirm = new Option<bool>("--yes") { Description = "Do it. Without it the command says what would end, and ends nothing." };
        var start = new Command("start", "Ends the sessions described; says first how many.") { everyone, before, client, confirm, json };
        start.SetAction((parsed, cancel) => Scope(parsed.GetValue(everyone), parsed.GetValue(before), parsed.GetValue(client), out var scope) is { } refusal
            ? Spoken.Of(parsed, json).RefuseAsync(refusal)
            : run((services, stop) => StartAsync(services.GetRequiredService<MassRevocations>(), scope, parsed.GetValue(confirm), Spoken.Of(parsed, json), stop), cancel));

        var id = new Argument<Guid>("id") { Description = "What start printed." };
        var status = new Command("status", "How far an act has come.") { id, json };
        status.SetAction((parsed, cancel) => run((services, stop) => StatusAsync(services.GetRequiredService<MassRevocations>(), parsed.GetValue(id), Spoken.Of(parsed, json), stop), cancel));
        var giveUp = new Command("cancel", "Gives up what has not ended yet; what has ended stays ended.") { id, json };
        giveUp.SetAction((parsed, cancel) => run((services, stop) => CancelAsync(services.GetRequiredService<MassRevocations>(), parsed.GetValue(id), Spoken.Of(parsed, json), stop), cancel));
        return new Command("end-many", "Ends the sessions of everyone, of one application, or from before an instant.") { start, status, giveUp };
    }

    private static string? Scope(bool everyone, string? before, string? client, out MassScope scope)
    {
        scope = new MassScope(ClientId: client);
        if ((everyone ? 1 : 0) + (before is null ? 0 : 1) + (client is null ? 0 : 1) != 1)
        {
            return "Say whom: one of --everyone, --signed-in-before INSTANT, --client-id ID.";
        }

        if (before is null)
        {
            return null;
        }

        if (!DateTimeOffset.TryParse(before, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return $"--signed-in-before is '{before}'; write an instant like 2026-11-24T06:00:00Z.";
        }

        scope = new MassScope(Before: instant);
        return null;
    }

    private static async Task<int> StartAsync(MassRevocations many, MassScope scope, bool confirmed, Spoken answer, CancellationToken cancel)
    {
        MassPreview preview;
        try
        {
            preview = await many.PreviewAsync(scope, cancel);
        }
        catch (ArgumentException refusal)
        {
            return await answer.RefuseAsync(refusal.Message.Split(" (Parameter")[0]);
        }

        if (!answer.Json)
        {
            Say(preview, answer);
        }
        else if (!confirmed)
        {
            answer.Write(new { preview.Sessions, preview.People, preview.Applications, preview.Silent, estimatedSeconds = (int)preview.Estimate.TotalSeconds });
        }

        if (!confirmed)
        {
            return await answer.RefuseAsync("Nothing has ended. Add --yes to end them.");
        }

        var mass = await many.StartAsync(scope, Initiator.CommandLine, cancel);
        if (answer.Json)
        {
            Write(mass, many, answer);
            return Spoken.Done;
        }

        answer.Say($"id: {mass.Id}");
        answer.Say("Refused from now on. The running hub ends them; look with: hub end-many status ID");
        return Spoken.Done;
    }

    private static void Say(MassPreview preview, Spoken answer)
    {
        answer.Say($"{preview.Sessions} sessions of {preview.People} people; about {preview.Estimate:c} to end them all, refused at once.");
        foreach (var application in preview.Applications)
        {
            answer.Say($"  {application.Name} ({application.ClientId}) is told of {application.Sessions}");
        }

        if (preview.Silent > 0)
        {
            answer.Say($"  applications that cannot be told take part {preview.Silent} times");
        }
    }

    private static async Task<int> StatusAsync(MassRevocations many, Guid id, Spoken answer, CancellationToken cancel)
    {
        if (await many.FindAsync(id, cancel) is not { } mass)
        {
            return await MissingAsync(id, answer);
        }

        if (answer.Json)
        {
            Write(mass, many, answer);
            return Spoken.Done;
        }

        answer.Say($"state: {mass.State}");
        answer.Say($"sessions: {mass.Sessions} of {mass.Expected}");
        answer.Say($"deliveries: {mass.Deliveries}");
        if (many.Remaining(mass) is { } remaining)
        {
            answer.Say($"remaining: about {TimeSpan.FromSeconds(Math.Ceiling(remaining.TotalSeconds)):c}");
        }

        return Spoken.Done;
    }

    private static async Task<int> CancelAsync(MassRevocations many, Guid id, Spoken answer, CancellationToken cancel)
    {
        var cancelled = await many.CancelAsync(id, Initiator.CommandLine);
        if (await many.FindAsync(id, cancel) is not { } mass)
        {
            return await MissingAsync(id, answer);
        }

        if (!cancelled)
        {
            return await answer.RefuseAsync($"There is nothing to give up in {id}: it is over.");
        }

        if (answer.Json)
        {
            Write(mass, many, answer);
            return Spoken.Done;
        }

        answer.Say("Given up. What had ended stays ended; the others are accepted again.");
        return Spoken.Done;
    }

    private static Task<int> MissingAsync(Guid id, Spoken answer) => answer.RefuseAsync($"There is no act {id}.", Spoken.NotFound);

    private static void Write(MassRevocation mass, MassRevocations many, Spoken answer) => answer.Write(new
    {
        mass.Id, mass.State, reason = mass.Reason.Wire(), mass.Before, mass.ClientId, mass.Initiator, mass.StartedAt, mass.Expected, mass.Sessions, mass.Deliveries,
        remainingSeconds = (int?)many.Remaining(mass)?.TotalSeconds, mass.FinishedAt,
    });
}
