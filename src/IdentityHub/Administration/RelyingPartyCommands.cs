using System.CommandLine;
using System.Globalization;
using IdentityHub.BackChannelLogout;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using static IdentityHub.Administration.CommandAnswer;

namespace IdentityHub.Administration;

/// <summary><c>hub rp list | show | rotate-secret | disable | enable | remove | ring | prove</c>: what the pages do about applications.</summary>
internal static class RelyingPartyCommands
{
    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON: one value a line." };

    /// <param name="party">The command <c>rp</c>, which gets these.</param>
    /// <param name="run">Runs an act against the installation.</param>
    public static Command AddTo(Command party, Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var search = new Option<string?>("--search") { Description = "Part of a client id or name." };
        var list = new Command("list", "All applications, each with how it stands.") { search, Json };
        list.SetAction((parsed, cancel) => run((services, stop) => ListAsync(services, parsed.GetValue(search), parsed.GetValue(Json), stop), cancel));
        party.Add(list);
        party.Add(On("show", "One application.", run, (services, client, parsed, stop) => ShowAsync(services, client, parsed.GetValue(Json), stop)));

        var overlap = new Option<TimeSpan>("--overlap")
        {
            DefaultValueFactory = _ => RelyingPartyChanges.UsualOverlap,
            Description = "How long the present secret stays good, up to 7.00:00:00; 00:00:00 ends it at once.",
        };
        var rotate = On("rotate-secret", "A new client secret, printed once.", run, (services, client, parsed, stop) => RotateAsync(services, client, parsed.GetValue(overlap), parsed.GetValue(Json), stop));
        rotate.Add(overlap);
        party.Add(rotate);
        party.Add(On("end-previous-secret", "Ends the overlap: the secret before is worth nothing any more.", run, async (services, client, _, stop) =>
            Said(await services.GetRequiredService<RelyingPartyChanges>().EndPreviousSecretAsync(client, Initiator.CommandLine, stop), client, "The secret before is worth nothing any more.")));

        var yes = new Option<bool>("--yes") { Description = "Do it. Without it the command says what would end, and ends nothing." };
        var disable = On("disable", "Nobody is signed in there any more, and its sessions end.", run, (services, client, parsed, stop) => DisableAsync(services, client, parsed.GetValue(yes), stop));
        disable.Add(yes);
        party.Add(disable);
        party.Add(On("enable", "Takes that back; what has ended stays ended.", run, async (services, client, _, stop) =>
            Said(await services.GetRequiredService<RelyingPartyRemoval>().EnableAsync(client, Initiator.CommandLine, stop), client, "Enabled.")));
        var remove = On("remove", "Deletes one that is disabled and whose sessions have ended.", run, (services, client, parsed, stop) => RemoveAsync(services, client, parsed.GetValue(yes), stop));
        remove.Add(yes);
        party.Add(remove);
        party.Add(On("ring", "Has it told anew of all that it refused or never answered.", run, (services, client, parsed, stop) => RingAsync(services, client, parsed.GetValue(Json), stop)));
        party.Add(On("prove", "Proves that a session dies there: exit code 0 when it does.", run, (services, client, parsed, stop) => ProveAsync(services, client, parsed.GetValue(Json), stop)));
        return party;
    }

    private static Command On(
        string name, string description, Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run, Func<IServiceProvider, string, ParseResult, CancellationToken, Task<int>> act)
    {
        var client = new Argument<string>("client-id") { Description = "The application." };
        var command = new Command(name, description) { client, Json };
        command.SetAction((parsed, cancel) => run((services, stop) => act(services, parsed.GetValue(client)!, parsed, stop), cancel));
        return command;
    }

    private static async Task<int> ListAsync(IServiceProvider services, string? search, bool json, CancellationToken cancel)
    {
        string? after = null;
        do
        {
            var page = await services.GetRequiredService<RelyingPartyList>().PageAsync(search, after, cancel);
            foreach (var party in page.Parties)
            {
                Print(party, json);
            }

            after = page.Next;
        }
        while (after is not null);
        return Done;
    }

    private static async Task<int> ShowAsync(IServiceProvider services, string client, bool json, CancellationToken cancel)
    {
        if (await services.GetRequiredService<RelyingPartyList>().FindAsync(client, cancel) is not { } state)
        {
            return await MissingAsync(client);
        }

        var stored = await services.GetRequiredService<HubDb>().Set<RelyingParty>().AsNoTracking().SingleAsync(r => r.ClientId == client, cancel);
        var registration = await services.GetRequiredService<RelyingPartyRegistry>().ReadAsync(stored, cancel);
        var proof = await services.GetRequiredService<LogoutProver>().LatestAsync(client, cancel);
        if (json)
        {
            Write(new { State = state, Registration = registration, stored.PreviousSecretUntil, LastProof = proof is null ? null : new { proof.At, proof.Outcome } });
            return Done;
        }

        Print(state, json: false);
        Console.WriteLine($"  redirect_uris: {string.Join(' ', registration.RedirectUris)}");
        Console.WriteLine($"  backchannel_logout_uri: {registration.BackChannelLogoutUri ?? "none"} ({registration.LogoutTokenSubject})");
        Console.WriteLine($"  test_uri: {registration.TestUri ?? "none"}");
        Console.WriteLine($"  grant_types: {string.Join(' ', registration.GrantTypes)}  scopes: {string.Join(' ', registration.Scopes)}");
        if (stored.PreviousSecretUntil is { } until)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  the secret before is good until {until:yyyy-MM-ddTHH:mm:ssZ}"));
        }

        Console.WriteLine(proof is null ? "  not proved yet" : string.Create(CultureInfo.InvariantCulture, $"  last proof: {proof.Outcome} at {proof.At:yyyy-MM-ddTHH:mm:ssZ}"));
        return Done;
    }

    private static async Task<int> RotateAsync(IServiceProvider services, string client, TimeSpan overlap, bool json, CancellationToken cancel)
    {
        if (overlap < TimeSpan.Zero || overlap > RelyingPartyChanges.LongestOverlap)
        {
            return await RefuseAsync($"--overlap is {overlap}; it must be between 00:00:00 and {RelyingPartyChanges.LongestOverlap}.");
        }

        var changed = await services.GetRequiredService<RelyingPartyChanges>().RotateSecretAsync(client, overlap, Initiator.CommandLine, cancel);
        if (changed.Secret is not { } secret)
        {
            return Said(changed, client, "");
        }

        if (json)
        {
            Write(new { ClientId = client, ClientSecret = secret });
        }
        else
        {
            Console.WriteLine($"client_secret: {secret}");
            Console.WriteLine($"It is not shown again; the hub keeps only its hash. The one before is good for {overlap:c} more.");
        }

        return Done;
    }

    private static async Task<int> DisableAsync(IServiceProvider services, string client, bool yes, CancellationToken cancel)
    {
        if (await services.GetRequiredService<RelyingPartyList>().FindAsync(client, cancel) is null)
        {
            return await MissingAsync(client);
        }

        var preview = await services.GetRequiredService<MassRevocations>().PreviewAsync(new MassScope(ClientId: client), cancel);
        Console.WriteLine($"{preview.Sessions} sessions of {preview.People} people end; {preview.Applications.Count} applications are told.");
        return yes
            ? Said(await services.GetRequiredService<RelyingPartyRemoval>().DisableAsync(client, Initiator.CommandLine, cancel), client, "Disabled. The running hub ends the sessions; they are refused from now on.")
            : await RefuseAsync("Nothing has ended. Add --yes to disable it.");
    }

    private static async Task<int> RemoveAsync(IServiceProvider services, string client, bool yes, CancellationToken cancel) => yes
        ? Said(await services.GetRequiredService<RelyingPartyRemoval>().RemoveAsync(client, Initiator.CommandLine, cancel), client, "Removed.")
        : await RefuseAsync($"Its registration, its tokens and what people allowed it are deleted for good. Add --yes to remove {client}.");

    private static async Task<int> RingAsync(IServiceProvider services, string client, bool json, CancellationToken cancel)
    {
        if (await services.GetRequiredService<RelyingPartyList>().FindAsync(client, cancel) is null)
        {
            return await MissingAsync(client);
        }

        var rung = await services.GetRequiredService<UnansweredDeliveries>().RingAgainAsync(Initiator.CommandLine.Name, client);
        if (json)
        {
            Write(new { Rung = rung });
        }
        else
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rung} deliveries are tried anew."));
        }

        return Done;
    }

    private static async Task<int> ProveAsync(IServiceProvider services, string client, bool json, CancellationToken cancel)
    {
        if (await services.GetRequiredService<LogoutProver>().ProveAsync(client, Initiator.CommandLine, cancel) is not { } proof)
        {
            return await RefuseAsync($"There is no application {client} with a test page. Register one with --test-uri.", NotFound);
        }

        if (json)
        {
            Write(new { proof.Id, proof.ClientId, proof.At, proof.Outcome, proof.RevocationId, Steps = proof.ReadSteps() });
        }
        else
        {
            foreach (var step in proof.ReadSteps())
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step.Milliseconds,6} ms  {step.Kind}: {step.Seen}  {step.Status}  {step.Address}  {step.Detail}").TrimEnd());
            }

            Console.WriteLine($"{proof.Outcome}");
        }

        return proof.Outcome is ProofOutcome.Dead ? Done : Refused;
    }

    private static int Said(PartyChanged changed, string client, string done)
    {
        var (words, code) = changed.Result switch
        {
            PartyChange.Done => (done, Done),
            PartyChange.NotFound => ($"There is no application {client}.", NotFound),
            PartyChange.Declared => ($"{client} is declared in the configuration of the hub (RelyingParties); change it there.", Refused),
            PartyChange.Public => ($"{client} is a public client and has no secret.", Refused),
            PartyChange.NotDisabled => ($"{client} is in use; disable it first.", Refused),
            PartyChange.StillEnding => ($"Some sessions of {client} have not ended; the running hub ends them. Try again when that is done; if it was given up, disable {client} again.", Refused),
            PartyChange.ChangedMeanwhile => ($"{client} was changed by somebody else at the same moment; try again.", Refused),
            _ => (string.Join(' ', changed.Refusals.Select(r => r.Words)), Refused),
        };
        (code == Done ? Console.Out : Console.Error).WriteLine(words);
        return code;
    }

    private static void Print(RelyingPartyState party, bool json)
    {
        if (json)
        {
            // What this process believes of an application is nothing: it has sent nothing.
            Write(new { party.ClientId, party.Name, party.Declared, party.DisabledAt, party.CanBeTold, party.CanBeProved, party.Waiting, party.Unanswered, party.LastConfirmed });
            return;
        }

        string[] marks = [.. new[] { party.Declared ? "declared" : null, party.DisabledAt is null ? null : "disabled", party.CanBeTold ? null : "cannot be told" }.OfType<string>()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{party.ClientId}  {party.Name}  waiting {party.Waiting}  unanswered {party.Unanswered}  last confirmed {party.LastConfirmed?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "never"}  {string.Join(", ", marks)}").TrimEnd());
    }

    private static Task<int> MissingAsync(string client) => RefuseAsync($"There is no application {client}.", NotFound);
}
