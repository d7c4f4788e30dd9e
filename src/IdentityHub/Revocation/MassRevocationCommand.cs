using System.CommandLine;
using System.Globalization;

namespace IdentityHub.Revocation;

/// <summary><c>hub end-many</c>: ends the sessions of many people from the command line.</summary>
internal static class MassRevocationCommand
{
    public static Command Create(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var everyone = new Option<bool>("--everyone") { Description = "Everybody who is signed in now." };
        var before = new Option<string?>("--signed-in-before") { Description = "Everybody who signed in at this instant or earlier, for example 2026-11-24T06:00:00Z." };
        var client = new Option<string?>("--client-id") { Description = "Every session in which this application takes part." };
        var confirm = new Option<bool>("--yes") { Description = "Do it. Without it the command says what would end, and ends nothing." };
        var start = new Command("start", "Ends the sessions described; says first how many.") { everyone, before, client, confirm };
        start.SetAction((parsed, cancel) => Scope(parsed.GetValue(everyone), parsed.GetValue(before), parsed.GetValue(client), out var scope) is { } refusal
            ? RefuseAsync(refusal)
            : run((services, stop) => StartAsync(services.GetRequiredService<MassRevocations>(), scope, parsed.GetValue(confirm), stop), cancel));

        var id = new Argument<Guid>("id") { Description = "What start printed." };
        var status = new Command("status", "How far an act has come.") { id };
        status.SetAction((parsed, cancel) => run((services, stop) => StatusAsync(services.GetRequiredService<MassRevocations>(), parsed.GetValue(id), stop), cancel));
        var giveUp = new Command("cancel", "Gives up what has not ended yet; what has ended stays ended.") { id };
        giveUp.SetAction((parsed, cancel) => run((services, _) => CancelAsync(services.GetRequiredService<MassRevocations>(), parsed.GetValue(id)), cancel));
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

    private static async Task<int> StartAsync(MassRevocations many, MassScope scope, bool confirmed, CancellationToken cancel)
    {
        MassPreview preview;
        try
        {
            preview = await many.PreviewAsync(scope, cancel);
        }
        catch (ArgumentException refusal)
        {
            return await RefuseAsync(refusal.Message);
        }

        Console.WriteLine($"{preview.Sessions} sessions of {preview.People} people; about {preview.Estimate:c} to end them all, refused at once.");
        foreach (var application in preview.Applications)
        {
            Console.WriteLine($"  {application.Name} ({application.ClientId}) is told of {application.Sessions}");
        }

        if (preview.Silent > 0)
        {
            Console.WriteLine($"  applications that cannot be told take part {preview.Silent} times");
        }

        if (!confirmed)
        {
            Console.WriteLine("Nothing has ended. Add --yes to end them.");
            return 0;
        }

        var mass = await many.StartAsync(scope, Initiator.CommandLine, cancel);
        Console.WriteLine($"id: {mass.Id}");
        Console.WriteLine("Refused from now on. The running hub ends them; look with: hub end-many status ID");
        return 0;
    }

    private static async Task<int> StatusAsync(MassRevocations many, Guid id, CancellationToken cancel)
    {
        if (await many.FindAsync(id, cancel) is not { } mass)
        {
            return await RefuseAsync($"There is no act {id}.");
        }

        Console.WriteLine($"state: {mass.State}");
        Console.WriteLine($"sessions: {mass.Sessions} of {mass.Expected}");
        Console.WriteLine($"deliveries: {mass.Deliveries}");
        if (many.Remaining(mass) is { } remaining)
        {
            Console.WriteLine($"remaining: about {TimeSpan.FromSeconds(Math.Ceiling(remaining.TotalSeconds)):c}");
        }

        return 0;
    }

    private static async Task<int> CancelAsync(MassRevocations many, Guid id)
    {
        if (await many.CancelAsync(id, Initiator.CommandLine))
        {
            Console.WriteLine("Given up. What had ended stays ended; the others are accepted again.");
            return 0;
        }

        return await RefuseAsync($"There is nothing to give up in {id}: it is over, or there is no such act.");
    }

    private static async Task<int> RefuseAsync(string message)
    {
        await Console.Error.WriteLineAsync(message);
        return 2;
    }
}
