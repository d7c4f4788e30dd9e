using System.CommandLine;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Administration;

/// <summary><c>hub rp list | show | rotate-secret | disable | enable | remove | ring | prove</c>: what the pages do about applications.</summary>
internal static class RelyingPartyCommands
{
    private static readonly Option<bool> Json = new("--json") { Description = "Answer in JSON, one object a line." };

    /// <param name="party">The command <c>rp</c>, which gets these.</param>
    /// <param name="run">Runs an act against the installation.</param>
    public static Command AddTo(Command party, Func<Func<IServiceProvider, CancellationToken, Task<int>>, CancellationToken, Task<int>> run)
    {
        var search = new Option<string?>("--search") { Description = "Part of a client id or name." };
        var list = new Command("list", "All applications, each with how it stands.") { search, Json };
        list.SetAction((parsed, cancel) => run((services, stop) => ListAsync(services.GetRequiredService<RelyingPartyList>(), parsed.GetValue(search), Spoken.Of(parsed, Json), stop), cancel));
        party.Add(list);
        party.Add(On("show", "One application.", run, (services, client, parsed, stop) => ShowAsync(services, client, Spoken.Of(parsed, Json), stop)));

        var overlap = new Option<TimeSpan>("--overlap")
        {
            DefaultValueFactory = _ => RelyingPartyChanges.UsualOverlap,
            Description = "How long the present secret stays good, up to 7.00:00:00; 00:00:00 ends it at once.",
        };
        var rotate = On("rotate-secret", "A new client secret, printed once.", run, (services, client, parsed, stop) => RotateAsync(services, client, parsed.GetValue(overlap), Spoken.Of(parsed, Json), stop));
        rotate.Add(overlap);
        party.Add(rotate);
        party.Add(On("end-previous-secret", "Ends the overlap: the secret before is worth nothing any more.", run, async (services, client, parsed, stop) =>
            await SaidAsync(Spoken.Of(parsed, Json), await services.GetRequiredService<RelyingPartyChanges>().EndPreviousSecretAsync(client, Initiator.CommandLine, stop), client, "The secret before is worth nothing any more.")));

        var yes = new Option<bool>("--yes") { Description = "Do it. Without it the command says what would end, and ends nothing." };
        var disable = On("disable", "Nobody is signed in there any more, and its sessions end.", run, (services, client, parsed, stop) => DisableAsync(services, client, parsed.GetValue(yes), Spoken.Of(parsed, Json), stop));
        disable.Add(yes);
        party.Add(disable);
        party.Add(On("enable", "Takes that back; what has ended stays ended.", run, async (services, client, parsed, stop) =>
            await SaidAsync(Spoken.Of(parsed, Json), await services.GetRequiredService<RelyingPartyRemoval>().EnableAsync(client, Initiator.CommandLine, stop), client, "Enabled.")));
        var remove = On("remove", "Deletes one that is disabled and whose sessions have ended.", run, (services, client, parsed, stop) => RemoveAsync(services, client, parsed.GetValue(yes), Spoken.Of(parsed, Json), stop));
        remove.Add(yes);
        party.Add(remove);
        party.Add(On("ring", "Has it told anew of all that it refused or never answered.", run, (services, client, parsed, stop) => RingAsync(services, client, Spoken.Of(parsed, Json), stop)));
        party.Add(On("prove", "Proves that a session dies there: exit code 0 when it does.", run, (services, client, parsed, stop) => ProveAsync(services, client, Spoken.Of(parsed, Json), stop)));
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

    private static async Task<int> ListAsync(RelyingPartyList list, string? search, Spoken answer, CancellationToken cancel)
    {
        string? after = null;
        do
        {
            var page = await list.PageAsync(search, after, RelyingPartyList.PageSize, cancel);
            foreach (var party in page.Parties)
            {
                Say(party, answer);
            }

            after = page.Next;
        }
        while (after is not null);
        return Spoken.Done;
    }

    private static async Task<int> ShowAsync(IServiceProvider services, string client, Spoken answer, CancellationToken cancel)
    {
        if (await services.GetRequiredService<RelyingPartyList>().FindAsync(client, cancel) is not { } state)
        {
            return await MissingAsync(client, answer);
        }

        var stored = await services.GetRequiredService<HubDb>().Set<RelyingParty>().AsNoTracking().SingleAsync(r => r.ClientId == client, cancel);
        var registration = await services.GetRequiredService<RelyingPartyRegistry>().ReadAsync(stored, cancel);
        var proof = await services.GetRequiredService<LogoutProver>().LatestAsync(client, cancel);
        if (answer.Json)
        {
            answer.Write(new { state, registration, stored.PreviousSecretUntil, lastProof = proof is null ? null : new { proof.At, proof.Outcome } });
            return Spoken.Done;
        }

        Say(state, answer);
        answer.Say($"  redirect_uris: {string.Join(' ', registration.RedirectUris)}");
        answer.Say($"  backchannel_logout_uri: {registration.BackChannelLogoutUri ?? "none"} ({registration.LogoutTokenSubject})");
        answer.Say($"  test_uri: {registration.TestUri ?? "none"}");
        answer.Say($"  grant_types: {string.Join(' ', registration.GrantTypes)}  scopes: {string.Join(' ', registration.Scopes)}");
        if (stored.PreviousSecretUntil is { } until)
        {
            answer.Say(FormattableString.Invariant($"  the secret before is good until {until:yyyy-MM-ddTHH:mm:ssZ}"));
        }

        answer.Say(proof is null ? "  not proved yet" : FormattableString.Invariant($"  last proof: {proof.Outcome} at {proof.At:yyyy-MM-ddTHH:mm:ssZ}"));
        return Spoken.Done;
    }

    private static async Task<int> RotateAsync(IServiceProvider services, string client, TimeSpan overlap, Spoken answer, CancellationToken cancel)
    {
        if (overlap < TimeSpan.Zero || overlap > RelyingPartyChanges.LongestOverlap)
        {
            return await answer.RefuseAsync($"--overlap is {overlap}; it must be between 00:00:00 and {RelyingPartyChanges.LongestOverlap}.");
        }

        var changed = await services.GetRequiredService<RelyingPartyChanges>().RotateSecretAsync(client, overlap, Initiator.CommandLine, cancel);
        return await SaidAsync(
            answer, changed, client, $"client_secret: {changed.Secret}\nIt is not shown again; the hub keeps only its hash. The one before is good for {overlap:c} more.");
    }

    private static async Task<int> DisableAsync(IServiceProvider services, string client, bool yes, Spoken answer, CancellationToken cancel)
    {
        if (await services.GetRequiredService<RelyingPartyList>().FindAsync(client, cancel) is null)
        {
            return await MissingAsync(client, answer);
        }

        var preview = await services.GetRequiredService<MassRevocations>().PreviewAsync(new MassScope(ClientId: client), cancel);
        if (!answer.Json || !yes)
        {
            answer.Answer(new { preview.Sessions, preview.People, applications = preview.Applications.Count }, $"{preview.Sessions} sessions of {preview.People} people end; {preview.Applications.Count} applications are told.");
        }

        return yes
            ? await SaidAsync(answer, await services.GetRequiredService<RelyingPartyRemoval>().DisableAsync(client, Initiator.CommandLine, cancel), client, "Disabled. The running hub ends the sessions; they are refused from now on.")
            : await answer.RefuseAsync("Nothing has ended. Add --yes to disable it.");
    }

    private static async Task<int> RemoveAsync(IServiceProvider services, string client, bool yes, Spoken answer, CancellationToken cancel) => yes
        ? await SaidAsync(answer, await services.GetRequiredService<RelyingPartyRemoval>().RemoveAsync(client, Initiator.CommandLine, cancel), client, "Removed.")
        : await answer.RefuseAsync($"Its registration, its tokens and what people allowed it are deleted for good. Add --yes to remove {client}.");

    private static async Task<int> RingAsync(IServiceProvider services, string client, Spoken answer, CancellationToken cancel)
    {
        if (await services.GetRequiredService<RelyingPartyList>().FindAsync(client, cancel) is null)
        {
            return await MissingAsync(client, answer);
        }

        var rung = await services.GetRequiredService<UnansweredDeliveries>().RingAgainAsync(Initiator.CommandLine.Name, client);
        return answer.Answer(new { deliveries = rung }, FormattableString.Invariant($"{rung} deliveries are tried anew."));
    }

    private static async Task<int> ProveAsync(IServiceProvider services, string client, Spoken answer, CancellationToken cancel)
    {
        if (await services.GetRequiredService<LogoutProver>().ProveAsync(client, Initiator.CommandLine, cancel) is not { } proof)
        {
            return await answer.RefuseAsync($"There is no application {client} with a test page. Register one with --test-uri.", Spoken.NotFound);
        }

        if (answer.Json)
        {
            answer.Write(new { proof.Id, proof.ClientId, proof.At, proof.Outcome, revocation = proof.RevocationId, steps = proof.ReadSteps() });
        }
        else
        {
            foreach (var step in proof.ReadSteps())
            {
                answer.Say(FormattableString.Invariant($"{step.Milliseconds,6} ms  {step.Kind}: {step.Seen}  {step.Status}  {step.Address}  {step.Detail}").TrimEnd());
            }

            answer.Say(proof.Outcome);
        }

        return proof.Outcome is ProofOutcome.Dead ? Spoken.Done : Spoken.Refused;
    }

    private static async Task<int> SaidAsync(Spoken answer, PartyChanged changed, string client, string done) => changed.Result switch
    {
        PartyChange.Done => answer.Answer(new { clientId = client, clientSecret = changed.Secret }, done),
        PartyChange.NotFound => await MissingAsync(client, answer),
        PartyChange.Declared => await answer.RefuseAsync($"{client} is declared in the configuration of the hub (RelyingParties); change it there."),
        PartyChange.Public => await answer.RefuseAsync($"{client} is a public client and has no secret."),
        PartyChange.NotDisabled => await answer.RefuseAsync($"{client} is in use; disable it first."),
        PartyChange.StillEnding => await answer.RefuseAsync($"Some sessions of {client} have not ended; the running hub ends them. Try again when that is done; if it was given up, disable {client} again."),
        PartyChange.ChangedMeanwhile => await answer.RefuseAsync($"{client} was changed by somebody else at the same moment; try again."),
        _ => await answer.RefuseAsync(string.Join(' ', changed.Refusals.Select(r => r.Words))),
    };

    private static void Say(RelyingPartyState party, Spoken answer)
    {
        string[] marks = [.. new[] { party.Declared ? "declared" : null, party.DisabledAt is null ? null : "disabled", party.CanBeTold ? null : "cannot be told" }.OfType<string>()];
        // What this process believes of an application is nothing: it has sent nothing.
        answer.Answer(
            new { party.ClientId, party.Name, party.Declared, party.DisabledAt, party.CanBeTold, party.CanBeProved, party.Waiting, party.Unanswered, party.LastConfirmed },
            FormattableString.Invariant(
                $"{party.ClientId}  {party.Name}  waiting {party.Waiting}  unanswered {party.Unanswered}  last confirmed {party.LastConfirmed?.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture) ?? "never"}  {string.Join(", ", marks)}").TrimEnd());
    }

    private static Task<int> MissingAsync(string client, Spoken answer) => answer.RefuseAsync($"There is no application {client}.", Spoken.NotFound);
}
