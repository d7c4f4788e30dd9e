using System.Globalization;
using System.Text.Json.Nodes;
using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Tests.Api;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static IdentityHub.Tests.Administration.Applications;

namespace IdentityHub.Tests.Administration;

/// <summary><c>hub rp</c>, <c>hub revocation</c>, <c>hub end-many</c> and <c>hub keys</c>: what each answers to people and to programs, and how it ends.</summary>
public sealed class PartyCommandTests(ApiHub hub) : IClassFixture<ApiHub>
{
    [Fact]
    public async Task An_application_is_added_and_changed_and_both_are_in_the_audit()
    {
        var id = NewId();

        var added = await PartyAsync("add", "--client-id", id, "--redirect-uri", "https://app.example.com/callback", "--json");
        Assert.Equal((0, id, true), (added.Code, (string)Only(added)["clientId"]!, (bool)Only(added)["added"]!));
        Assert.True(await hub.TakesAsync(id, (string)Only(added)["clientSecret"]!));
        var changed = await PartyAsync("add", "--client-id", id, "--redirect-uri", "https://app.example.com/callback", "--public");
        Assert.Equal((0, $"Changed {id}.\n"), (changed.Code, changed.Output));
        var refused = await PartyAsync("add", "--client-id", NewId(), "--redirect-uri", "http://app.example.com/callback");
        Assert.Equal((2, ""), (refused.Code, refused.Output));
        Assert.StartsWith("--redirect-uri is ", refused.Error, StringComparison.Ordinal);
        Assert.Equal((2, "notes is declared in the configuration of the hub (RelyingParties); change it there.\n"), await PartyAsync("add", "--client-id", "notes", "--redirect-uri", "https://app.example.com/callback") is var declared ? (declared.Code, declared.Error) : default);

        Assert.Equal(["relying_party_registered", "relying_party_changed"], await ActionsAsync(id));
    }

    [Fact]
    public async Task An_application_is_disabled_enabled_and_removed_by_who_says_yes()
    {
        var id = await RegisteredAsync();

        Assert.Equal((3, "There is no application nobody.\n"), Refused(await PartyAsync("disable", "nobody", "--yes")));
        var preview = await PartyAsync("disable", id);
        Assert.Equal((2, "0 sessions of 0 people end; 0 applications are told.\n", "Nothing has ended. Add --yes to disable it.\n"), (preview.Code, preview.Output, preview.Error));
        Assert.Equal(0, (int)Only(await PartyAsync("disable", id, "--json"))["sessions"]!);
        Assert.Null(await DisabledAtAsync(id));
        Assert.Equal((2, $"{id} is in use; disable it first.\n"), Refused(await PartyAsync("remove", id, "--yes")));

        var disabled = await PartyAsync("disable", id, "--yes", "--json");
        Assert.Equal((0, id), (disabled.Code, (string)Only(disabled)["clientId"]!));
        Assert.NotNull(await DisabledAtAsync(id));
        Assert.Equal((3, "There is no application nobody.\n"), Refused(await PartyAsync("enable", "nobody")));
        Assert.Equal((0, "Enabled.\n"), Done(await PartyAsync("enable", id)));
        Assert.Null(await DisabledAtAsync(id));

        Assert.Equal((0, "0 sessions of 0 people end; 0 applications are told.\nDisabled. The running hub ends the sessions; they are refused from now on.\n"), Done(await PartyAsync("disable", id, "--yes")));
        await Eventually.TrueAsync(async () => await hub.ServiceAsync<RelyingPartyRemoval, MassRevocation?>(r => r.EndingAsync(id, Cancel)) is null, TimeSpan.FromSeconds(30), "its sessions have ended");
        Assert.Equal((2, $"Its registration, its tokens and what people allowed it are deleted for good. Add --yes to remove {id}.\n"), Refused(await PartyAsync("remove", id)));
        Assert.Equal((0, id), await PartyAsync("remove", id, "--yes", "--json") is var removed ? (removed.Code, (string)Only(removed)["clientId"]!) : default);
        Assert.Equal((3, $"There is no application {id}.\n"), Refused(await PartyAsync("remove", id, "--yes")));
        Assert.Equal((3, $"There is no application {id}.\n"), Refused(await PartyAsync("show", id)));
        Assert.Equal(["relying_party_registered", "relying_party_disabled", "relying_party_enabled", "relying_party_disabled", "relying_party_removed"], await ActionsAsync(id));
    }

    [Fact]
    public async Task What_configuration_declares_is_not_removed_and_not_changed()
    {
        Assert.Equal(2, (await PartyAsync("rotate-secret", "notes")).Code);
        Assert.Equal(2, (await PartyAsync("end-previous-secret", "notes", "--json")).Code);
        Assert.Equal((0, true), await PartyAsync("show", "notes", "--json") is var shown ? (shown.Code, (bool)Only(shown)["state"]!["declared"]!) : default);
        Assert.Contains(Lines(await PartyAsync("list", "--json")), p => (string)p["clientId"]! == "notes");
    }

    [Fact]
    public async Task A_secret_is_rotated_and_the_one_before_ended()
    {
        var registration = New();
        var first = await hub.RegisterAsync(registration);
        var id = registration.ClientId;

        Assert.Equal(2, (await PartyAsync("rotate-secret", id, "--overlap", "8.00:00:00")).Code);
        var second = (string)Only(await PartyAsync("rotate-secret", id, "--json"))["clientSecret"]!;
        Assert.Equal((true, true), (await hub.TakesAsync(id, first), await hub.TakesAsync(id, second)));
        Assert.Contains("the secret before is good until ", (await PartyAsync("show", id)).Output, StringComparison.Ordinal);
        Assert.Equal((0, "The secret before is worth nothing any more.\n"), Done(await PartyAsync("end-previous-secret", id)));
        Assert.Equal((false, true), (await hub.TakesAsync(id, first), await hub.TakesAsync(id, second)));
        Assert.Matches("^client_secret: [\\w-]{43}\nIt is not shown again;", (await PartyAsync("rotate-secret", id, "--overlap", "00:00:00")).Output);
        Assert.Equal((3, "There is no application nobody.\n"), Refused(await PartyAsync("rotate-secret", "nobody")));
    }

    [Fact]
    public async Task An_application_is_rung_and_only_of_what_it_refused()
    {
        var id = await RegisteredAsync();
        await hub.DataAsync(db => AddAsync(db, Delivery(id, DeliveryState.Rejected), Delivery(id, DeliveryState.Confirmed)));

        Assert.Equal((3, "There is no application nobody.\n"), Refused(await PartyAsync("ring", "nobody")));
        Assert.Equal((0, 1), await PartyAsync("ring", id, "--json") is var rung ? (rung.Code, (int)Only(rung)["deliveries"]!) : default);
        Assert.Equal((0, "0 deliveries are tried anew.\n"), Done(await PartyAsync("ring", id)));
        Assert.Equal(3, (await PartyAsync("prove", id)).Code);
    }

    [Fact]
    public async Task Deliveries_that_came_to_nothing_are_listed_and_redriven()
    {
        var (id, other) = (await RegisteredAsync(), await RegisteredAsync());
        var (rejected, unconfirmed) = (Delivery(id, DeliveryState.Rejected), Delivery(id, DeliveryState.Unconfirmed));
        var others = Delivery(other, DeliveryState.Rejected);
        await hub.DataAsync(db => AddAsync(db, rejected, unconfirmed, Delivery(id, DeliveryState.Confirmed), others));

        var listed = Lines(await RevocationAsync("list", "--client-id", id, "--json"));
        Assert.Equal((id, 1, 1), ((string)listed[0]["clientId"]!, (int)listed[0]["rejected"]!, (int)listed[0]["unconfirmed"]!));
        Assert.Equal(
            new[] { (rejected.Id, "rejected"), (unconfirmed.Id, "unconfirmed") }.OrderBy(d => d.Id), listed[1..].Select(d => ((Guid)d["delivery"]!, (string)d["state"]!)).OrderBy(d => d.Item1));
        Assert.Single(Lines(await RevocationAsync("list", "--client-id", id, "--most", "1", "--json"))[1..]);
        var text = await RevocationAsync("list", "--client-id", id);
        Assert.StartsWith($"{id}: 1 rejected, 1 unconfirmed\n", text.Output, StringComparison.Ordinal);
        foreach (var most in new[] { "0", "1001", "-1" })
        {
            Assert.Equal((2, $"--most is {most}; it must be between 1 and 1000.\n"), Refused(await RevocationAsync("list", "--most", most)));
        }

        Assert.Equal((2, "Which? Give --client-id, --delivery or --all.\n"), Refused(await RevocationAsync("redrive")));
        Assert.Equal((2, "--delivery is 'first'; it must be an identifier as 'revocation list' prints it.\n"), Refused(await RevocationAsync("redrive", "--delivery", "first")));
        // Each is redriven once: what is tried anew may have been refused again a moment later.
        Assert.Equal((0, "2 deliveries are tried anew.\n"), Done(await RevocationAsync("redrive", "--client-id", id)));
        Assert.Equal(2, await hub.DataAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "logout_redriven" && e.Actor == "command-line" && e.Details!.Contains(id), Cancel)));
        Assert.Equal(1, await hub.DataAsync(db => db.Set<LogoutDelivery>().CountAsync(d => d.ClientId == other && d.State == DeliveryState.Rejected, Cancel)));
        Assert.Equal(1, (int)Only(await RevocationAsync("redrive", "--delivery", others.Id.ToString(), "--json"))["deliveries"]!);
        Assert.Equal((0, "0 deliveries are tried anew.\n"), Done(await RevocationAsync("redrive", "--client-id", await RegisteredAsync())));
    }

    [Fact]
    public async Task Acts_that_ended_sessions_are_listed_shown_and_exported_and_the_export_is_in_the_audit()
    {
        var id = await RegisteredAsync();
        var delivery = Delivery(id, DeliveryState.Unconfirmed);
        var act = new RevocationRecord { Id = delivery.RevocationId, Reason = RevocationReason.SignedOut, Initiator = "system", UserId = Guid.CreateVersion7(), At = delivery.CreatedAt, Sessions = 1, RelyingParties = 1 };
        await hub.DataAsync(db => AddAsync(db, delivery, act));

        var listed = Only(await RevocationAsync("acts", "--client-id", id, "--unconfirmed", "--json"));
        Assert.Equal((act.Id, "signed_out", 1), ((Guid)listed["id"]!, (string)listed["reason"]!, (int)listed["unconfirmed"]!));
        var shown = Lines(await RevocationAsync("show", act.Id.ToString(), "--json"));
        Assert.Equal((act.Id, delivery.Id, "unconfirmed"), ((Guid)shown[0]["id"]!, (Guid)shown[1]["delivery"]!, (string)shown[1]["state"]!));
        var nothing = Guid.CreateVersion7();
        Assert.Equal((3, $"There is no revocation {nothing}.\n"), Refused(await RevocationAsync("show", nothing.ToString())));
        Assert.Equal(2, (await RevocationAsync("acts", "--reason", "because")).Code);
        Assert.Equal(2, (await RevocationAsync("acts", "--most", "0")).Code);

        var before = await ExportsAsync();
        var csv = await RevocationAsync("export", "--client-id", id, "--csv");
        Assert.Equal((0, RevocationExport.Header), (csv.Code, csv.Output.Split("\r\n")[0]));
        Assert.StartsWith($"{act.Id},", csv.Output.Split("\r\n")[1], StringComparison.Ordinal);
        Assert.Equal(act.Id, (Guid)Only(await RevocationAsync("export", "--client-id", id))["id"]!);
        Assert.Equal(2, (await RevocationAsync("export", "--reason", "because")).Code);
        Assert.Equal(before + 2, await ExportsAsync());
        Assert.Contains(id, await hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "revocations_exported").OrderByDescending(e => e.Id).Select(e => e.Details).FirstAsync(Cancel)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_are_ended_by_who_says_yes_and_it_is_given_up_once()
    {
        var before = hub.Clock.GetUtcNow().AddYears(-2).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

        Assert.Equal(2, (await ManyAsync("start")).Code);
        Assert.Equal(2, (await ManyAsync("start", "--everyone", "--client-id", "notes")).Code);
        Assert.Equal((2, "No application is registered as 'nobody'.\n"), Refused(await ManyAsync("start", "--client-id", "nobody", "--yes")));
        Assert.Equal((2, 0), await ManyAsync("start", "--signed-in-before", before, "--json") is var preview ? (preview.Code, (int)Only(preview)["sessions"]!) : default);
        var started = Only(await ManyAsync("start", "--signed-in-before", before, "--yes", "--json"));
        Assert.Equal(("everyone_revoked", "command-line"), ((string)started["reason"]!, (string)started["initiator"]!));
        var id = (string)started["id"]!;
        Assert.Equal(id, (string)Only(await ManyAsync("status", id, "--json"))["id"]!);
        Assert.StartsWith("state: ", (await ManyAsync("status", id)).Output, StringComparison.Ordinal);

        var nothing = Guid.CreateVersion7().ToString();
        Assert.Equal((3, $"There is no act {nothing}.\n"), Refused(await ManyAsync("status", nothing)));
        Assert.Equal((3, $"There is no act {nothing}.\n"), Refused(await ManyAsync("cancel", nothing)));
        await hub.DataAsync(db => db.Set<MassRevocation>().Where(m => m.Id == Guid.Parse(id)).ExecuteUpdateAsync(m => m.SetProperty(x => x.State, MassRevocationState.Finished), Cancel));
        Assert.Equal((2, $"There is nothing to give up in {id}: it is over.\n"), Refused(await ManyAsync("cancel", id)));
    }

    [Fact]
    public async Task Keys_are_listed_and_rotated_once()
    {
        var before = Lines(await KeysAsync("list", "--json"));
        Assert.Equal(["active", "active", "active"], before.Select(k => (string)k["state"]!));
        Assert.StartsWith($"RS256  active  {before[0]["id"]}  published ", (await KeysAsync("list")).Output, StringComparison.Ordinal);

        var made = await KeysAsync("rotate", "--json");

        Assert.Equal((0, 3), (made.Code, Lines(made).Count));
        Assert.All(Lines(made), key => Assert.Equal("next", (string)key["state"]!));
        var again = await KeysAsync("rotate");
        Assert.Equal((2, "", "Successors are published already and wait for their turn; nothing was made.\n"), (again.Code, again.Output, again.Error));
        Assert.Equal(6, Lines(await KeysAsync("list", "--json")).Count);
        Assert.Equal(3, await hub.DataAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "key_rotated" && e.Actor == "command-line", Cancel)));
        Assert.DoesNotContain("sealed", made.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(6, await hub.DataAsync(db => db.Set<StoredKey>().CountAsync(Cancel)));
    }

    private Task<Ran> PartyAsync(params string[] words) => CommandLine.RunAsync(hub, run => RelyingPartyCommands.AddTo(RelyingPartyCommand.Create(run), run), words);

    private Task<Ran> RevocationAsync(params string[] words) => CommandLine.RunAsync(hub, RevocationCommands.Create, words);

    private Task<Ran> ManyAsync(params string[] words) => CommandLine.RunAsync(hub, EndManyCommand.Create, words);

    private Task<Ran> KeysAsync(params string[] words) => CommandLine.RunAsync(hub, KeysCommand.Create, words);

    private async Task<string> RegisteredAsync()
    {
        var registration = New();
        await hub.RegisterAsync(registration);
        return registration.ClientId;
    }

    private LogoutDelivery Delivery(string clientId, DeliveryState state)
    {
        var now = hub.Clock.GetUtcNow();
        return new()
        {
            Id = Guid.CreateVersion7(now), RevocationId = Guid.CreateVersion7(now), SessionId = Guid.CreateVersion7(now), ClientId = clientId, Sid = "sid", Subject = Guid.CreateVersion7(now).ToString(),
            CreatedAt = now, State = state, NextAttemptAt = null, GiveUpAt = now.AddDays(1), SettledAt = now, Attempts = 1,
        };
    }

    private static Task<int> AddAsync(HubDb db, params object[] rows)
    {
        db.AddRange(rows);
        return db.SaveChangesAsync(Cancel);
    }

    private Task<DateTimeOffset?> DisabledAtAsync(string id) => hub.DataAsync(db => db.Set<RelyingParty>().Where(r => r.ClientId == id).Select(r => r.DisabledAt).SingleAsync(Cancel));

    private Task<List<string>> ActionsAsync(string id) =>
        hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.Action.StartsWith("relying_party_") && e.Details!.Contains(id)).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync(Cancel));

    private Task<int> ExportsAsync() => hub.DataAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "revocations_exported" && e.Actor == "command-line", Cancel));

    private static (int, string) Done(Ran ran) => (ran.Code, ran.Output);

    private static (int, string) Refused(Ran ran) => (ran.Code, ran.Error);

    private static JsonNode Only(Ran ran) => Assert.Single(Lines(ran));

    private static List<JsonNode> Lines(Ran ran) => [.. ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
