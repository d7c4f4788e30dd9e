using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IdentityHub.BackChannelLogout;

namespace IdentityHub.Revocation;

/// <summary><c>hub revocation list | redrive</c>: the deliveries that came to nothing, from the command line.</summary>
internal static class RevocationCommand
{
    private const int MostListed = 1000;

    public static Command Create(Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var client = new Option<string?>("--client-id") { Description = "Of this application alone." };
        var most = new Option<int>("--most") { DefaultValueFactory = _ => 50, Description = $"How many of the latest are listed, at most {MostListed}." };
        var json = new Option<bool>("--json") { Description = "Print JSON: one value a line." };
        var list = new Command("list", "Which deliveries were refused, or never confirmed until their horizon.") { client, most, json };
        list.SetAction((parsed, cancel) => run((services, _) => ListAsync(services, parsed.GetValue(client), parsed.GetValue(most), parsed.GetValue(json)), cancel));

        var delivery = new Option<string?>("--delivery") { Description = "This one alone, by its identifier." };
        var all = new Option<bool>("--all") { Description = "Of all applications." };
        var redrive = new Command("redrive", "Try them anew. The nodes that run see it at their next look.") { client, delivery, all, json };
        redrive.SetAction((parsed, cancel) => run(
            (services, _) => RedriveAsync(services, parsed.GetValue(client), parsed.GetValue(delivery), parsed.GetValue(all), parsed.GetValue(json)), cancel));
        return new Command("revocation", "What became of ended sessions at the applications.") { list, redrive };
    }

    private static async Task<int> ListAsync(IServiceProvider services, string? client, int most, bool json)
    {
        if (most is < 1 or > MostListed)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"--most is {most}; it must be between 1 and {MostListed}."));
            return 2;
        }

        var unanswered = services.GetRequiredService<UnansweredDeliveries>();
        foreach (var count in (await unanswered.CountAsync()).Where(c => client is null || c.ClientId == client))
        {
            Console.WriteLine(json
                ? Json(new { client_id = count.ClientId, rejected = count.Rejected, unconfirmed = count.Unconfirmed })
                : string.Create(CultureInfo.InvariantCulture, $"{count.ClientId}: {count.Rejected} rejected, {count.Unconfirmed} unconfirmed"));
        }

        foreach (var d in await unanswered.ListAsync(client, most))
        {
            Console.WriteLine(json
                ? Json(new { delivery = d.Id, revocation = d.RevocationId, settled_at = d.SettledAt, client_id = d.ClientId, state = d.State.ToString().ToLowerInvariant(), attempts = d.Attempts, last_outcome = d.LastOutcome })
                : string.Create(CultureInfo.InvariantCulture, $"{d.Id}  {d.SettledAt:yyyy-MM-ddTHH:mm:ssZ}  {d.ClientId}  {d.State}  {d.Attempts} attempts  {d.LastOutcome}"));
        }

        return 0;
    }

    private static async Task<int> RedriveAsync(IServiceProvider services, string? client, string? delivery, bool all, bool json)
    {
        Guid? id = Guid.TryParse(delivery, out var parsed) ? parsed : null;
        if (delivery is not null && id is null)
        {
            await Console.Error.WriteLineAsync($"--delivery is '{delivery}'; it must be an identifier as 'revocation list' prints it.");
            return 2;
        }

        if (client is null && id is null && !all)
        {
            await Console.Error.WriteLineAsync("Which? Give --client-id, --delivery or --all.");
            return 2;
        }

        var rung = await services.GetRequiredService<UnansweredDeliveries>().RingAgainAsync("operator", client, id);
        Console.WriteLine(json ? Json(new { rung }) : string.Create(CultureInfo.InvariantCulture, $"{rung} deliveries are tried anew."));
        return 0;
    }

    private static string Json(object value) => JsonSerializer.Serialize(value);
}
