using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.RelyingParties;
using IdentityHub.Tests.Account;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static IdentityHub.Tests.Administration.Applications;

namespace IdentityHub.Tests.Administration;

public sealed class RelyingPartyChangesTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task What_is_registered_is_there_with_a_secret_that_is_said_once()
    {
        var registration = New();
        registration.TestUri = "https://app.example.com/dashboard";
        registration.GrantTypes.Add("client_credentials");

        var secret = await hub.RegisterAsync(registration);

        var read = await ReadAsync(registration.ClientId);
        Assert.Equal(("https://app.example.com/dashboard", "An application", true), (read.TestUri, read.DisplayName, read.IsConfidential));
        Assert.Equal(["client_credentials"], read.GrantTypes);
        Assert.True(await hub.TakesAsync(registration.ClientId, secret));
        Assert.DoesNotContain(secret, await hub.DataAsync(db => db.Set<RelyingParty>().Where(r => r.ClientId == registration.ClientId).Select(r => r.ClientSecret).SingleAsync(Cancel)), StringComparison.Ordinal);
        Assert.Equal(Root.Name, await ActorAsync("relying_party_registered", registration.ClientId));
    }

    [Fact]
    public async Task Everything_wrong_is_said_of_each_member_at_once()
    {
        var registration = New(clientId: "no spaces", "http://app.example.com/callback");
        registration.TestUri = "https://10.0.0.1/";
        registration.GiveUpAfter = TimeSpan.FromSeconds(1);

        var changed = await hub.ChangesAsync(c => c.RegisterAsync(registration, confidential: true, Root, Cancel));

        Assert.Equal(
            new[] { "ClientId", "GiveUpAfter", "RedirectUris", "TestUri" },
            changed.Refusals.Select(r => r.Member).Order(StringComparer.Ordinal));
        Assert.All(changed.Refusals, r => Assert.StartsWith(RelyingPartyChanges.Wire(r.Member), r.Words, StringComparison.Ordinal));
        Assert.Null(changed.Secret);
    }

    [Fact]
    public async Task A_client_id_is_given_once()
    {
        var registration = New();
        await hub.RegisterAsync(registration);

        var again = await hub.ChangesAsync(c => c.RegisterAsync(New(registration.ClientId), confidential: false, Root, Cancel));

        Assert.Equal("ClientId", Assert.Single(again.Refusals).Member);
    }

    [Fact]
    public async Task A_change_keeps_the_secret_and_says_what_changed()
    {
        var registration = New();
        var secret = await hub.RegisterAsync(registration);
        var changed = New(registration.ClientId, "https://app.example.com/other");

        Assert.Equal(PartyChange.Done, (await hub.ChangesAsync(c => c.ChangeAsync(registration.ClientId, null, changed, Root, Cancel))).Result);

        Assert.Equal(["https://app.example.com/other"], (await ReadAsync(registration.ClientId)).RedirectUris);
        Assert.True(await hub.TakesAsync(registration.ClientId, secret));
        Assert.Contains("\"changed\":[\"redirect_uris\"]", await DetailsAsync("relying_party_changed", registration.ClientId), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_administrators_who_edit_at_once_the_second_is_told()
    {
        var registration = New();
        await hub.RegisterAsync(registration);
        var version = await hub.DataAsync(db => db.Set<RelyingParty>().Where(r => r.ClientId == registration.ClientId).Select(r => r.ConcurrencyToken).SingleAsync(Cancel));
        var (first, second) = (New(registration.ClientId), New(registration.ClientId));
        (first.DisplayName, second.DisplayName) = ("The first", "The second");

        var done = await hub.ChangesAsync(c => c.ChangeAsync(registration.ClientId, version, first, Root, Cancel));
        var late = await hub.ChangesAsync(c => c.ChangeAsync(registration.ClientId, version, second, Root, Cancel));

        Assert.Equal((PartyChange.Done, PartyChange.ChangedMeanwhile), (done.Result, late.Result));
        Assert.Equal("The first", (await ReadAsync(registration.ClientId)).DisplayName);
    }

    [Fact]
    public async Task The_secret_before_is_good_for_the_overlap_and_no_longer()
    {
        var registration = New();
        var before = await hub.RegisterAsync(registration);

        var after = (await hub.ChangesAsync(c => c.RotateSecretAsync(registration.ClientId, TimeSpan.FromHours(1), Root, Cancel))).Secret!;

        Assert.NotEqual(before, after);
        Assert.True(await hub.TakesAsync(registration.ClientId, before));
        Assert.True(await hub.TakesAsync(registration.ClientId, after));
        hub.Clock.Move(TimeSpan.FromMinutes(61));
        Assert.False(await hub.TakesAsync(registration.ClientId, before));
        Assert.True(await hub.TakesAsync(registration.ClientId, after));
    }

    [Fact]
    public async Task The_secret_before_can_be_ended_at_once()
    {
        var registration = New();
        var before = await hub.RegisterAsync(registration);
        var after = (await hub.ChangesAsync(c => c.RotateSecretAsync(registration.ClientId, TimeSpan.FromDays(7), Root, Cancel))).Secret!;

        await hub.ChangesAsync(c => c.EndPreviousSecretAsync(registration.ClientId, Root, Cancel));

        Assert.False(await hub.TakesAsync(registration.ClientId, before));
        Assert.True(await hub.TakesAsync(registration.ClientId, after));
    }

    [Fact]
    public async Task What_configuration_declares_is_changed_there()
    {
        Assert.Equal(PartyChange.Declared, (await hub.ChangesAsync(c => c.ChangeAsync("notes", null, New("notes"), Root, Cancel))).Result);
        Assert.Equal(PartyChange.Declared, (await hub.ChangesAsync(c => c.RotateSecretAsync("notes", TimeSpan.Zero, Root, Cancel))).Result);
    }

    [Fact]
    public async Task The_list_is_read_page_by_page_and_searched()
    {
        var prefix = NewId("list")[..20];
        foreach (var number in Enumerable.Range(10, RelyingPartyList.PageSize + 3))
        {
            await hub.RegisterAsync(New($"{prefix}-{number}"));
        }

        var first = await hub.ServiceAsync<RelyingPartyList, RelyingPartyPage>(l => l.PageAsync(prefix.ToUpperInvariant(), null, RelyingPartyList.PageSize, Cancel));
        var second = await hub.ServiceAsync<RelyingPartyList, RelyingPartyPage>(l => l.PageAsync(prefix, first.Next, RelyingPartyList.PageSize, Cancel));

        Assert.Equal((RelyingPartyList.PageSize, 3, (string?)null), (first.Parties.Count, second.Parties.Count, second.Next));
        Assert.Equal(RelyingPartyList.PageSize + 3, first.Parties.Concat(second.Parties).Select(p => p.ClientId).Distinct().Count());
    }

    private Task<Registration> ReadAsync(string clientId) => hub.ServiceAsync<RelyingPartyRegistry, Registration>(async registry =>
        await registry.ReadAsync(await hub.DataAsync(db => db.Set<RelyingParty>().AsNoTracking().SingleAsync(r => r.ClientId == clientId, Cancel)), Cancel));

    private Task<string> ActorAsync(string action, string clientId) => EntryAsync(action, clientId, e => e.Actor);

    private Task<string> DetailsAsync(string action, string clientId) => EntryAsync(action, clientId, e => e.Details!);

    private async Task<string> EntryAsync(string action, string clientId, Func<AuditEntry, string> what) =>
        what(await hub.DataAsync(db => db.Set<AuditEntry>().AsNoTracking().SingleAsync(e => e.Action == action && e.Details!.Contains(clientId), Cancel)));
}
