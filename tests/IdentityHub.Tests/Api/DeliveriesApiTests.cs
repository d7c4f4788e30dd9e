using System.Net;
using System.Text.Json.Nodes;
using IdentityHub.RelyingParties;
using IdentityHub.Tests.Administration;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static IdentityHub.Tests.Administration.Applications;

namespace IdentityHub.Tests.Api;

/// <summary>By program, with applications that answer: proving that a session dies, what became of a revocation at each, and taking an application away.</summary>
public sealed class DeliveriesApiTests(DeliveriesApiTests.Reachable hub) : IClassFixture<DeliveriesApiTests.Reachable>
{
    [Fact]
    public async Task An_application_is_proved_and_what_it_confirmed_is_shown_with_the_revocation()
    {
        await using var application = await ApplicationAsync();
        using var tool = await hub.AsAsync("tool");

        var proof = (await tool.PostAsync($"/relying-parties/{application.ClientId}/prove")).Is(HttpStatusCode.OK).Json;

        Assert.Equal("dead", (string)proof["outcome"]!);
        Assert.Equal(["opened", "signed_in", "shown_signed_in", "ended", "told", "opened_again"], proof["steps"]!.AsArray().Select(s => (string)s!["kind"]!));
        Assert.Equal("confirmed", (string)proof["steps"]![4]!["seen"]!);
        var listed = Assert.Single((await tool.GetAsync($"/revocations?clientId={application.ClientId}&initiator=client:tool")).Is(HttpStatusCode.OK).Json["items"]!.AsArray())!;
        Assert.Equal((1, 1, 1, 0, 0, 0), Counts(listed));
        var details = (await tool.GetAsync($"/revocations/{listed["id"]}")).Is(HttpStatusCode.OK).Json;
        Assert.Equal((1, 1, 1, 0, 0, 0), Counts(details["revocation"]!));
        var delivery = Assert.Single(details["applications"]!.AsArray())!;
        Assert.Equal((application.ClientId, "confirmed", 1, 200), ((string)delivery["clientId"]!, (string)delivery["state"]!, (int)delivery["attempts"]!, (int)delivery["lastStatus"]!));
        Assert.NotNull(delivery["settledAt"]);
    }

    [Fact]
    public async Task One_that_only_says_so_is_shown_to_be_alive_and_one_without_a_page_is_not_found()
    {
        await using var application = await ApplicationAsync();
        application.IgnoresLogout = true;
        using var tool = await hub.AsAsync("tool");

        Assert.Equal("still_alive", (string)(await tool.PostAsync($"/relying-parties/{application.ClientId}/prove")).Is(HttpStatusCode.OK).Json["outcome"]!);
        (await tool.PostAsync("/relying-parties/notes/prove")).Is(HttpStatusCode.NotFound);
        (await tool.PostAsync("/relying-parties/nobody/prove")).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_an_application_refused_is_shown_tried_anew_and_then_confirmed()
    {
        await using var application = await ApplicationAsync();
        application.RefusesLogout = true;
        using var tool = await hub.AsAsync("tool");
        await tool.PostAsync($"/relying-parties/{application.ClientId}/prove");
        var act = (Guid)Assert.Single((await tool.GetAsync($"/revocations?clientId={application.ClientId}")).Json["items"]!.AsArray())!["id"]!;
        var refused = Assert.Single((await tool.GetAsync($"/revocations/{act}")).Json["applications"]!.AsArray())!;
        Assert.Equal(("rejected", 400), ((string)refused["state"]!, (int)refused["lastStatus"]!));
        Assert.Contains((await tool.GetAsync($"/revocations?clientId={application.ClientId}&unconfirmed=true")).Json["items"]!.AsArray(), r => (Guid)r!["id"]! == act);

        application.RefusesLogout = false;
        Assert.Equal(1, (int)(await tool.PostAsync("/revocations/redrive", new { delivery = (Guid)refused["id"]! })).Is(HttpStatusCode.OK).Json["deliveries"]!);

        await Eventually.TrueAsync(
            async () => (string)(await tool.GetAsync($"/revocations/{act}")).Json["applications"]![0]!["state"]! == "confirmed", TimeSpan.FromSeconds(30), "the application confirms");
    }

    [Fact]
    public async Task An_application_is_removed_once_it_is_disabled_and_over()
    {
        using var tool = await hub.AsAsync("tool");
        var id = NewId();
        (await tool.SendAsync(HttpMethod.Put, $"/relying-parties/{id}", new { redirectUris = new[] { "https://app.example.com/callback" } })).Is(HttpStatusCode.OK);
        (await tool.SendAsync(HttpMethod.Delete, $"/relying-parties/{id}")).Is(HttpStatusCode.Conflict);
        (await tool.PostAsync($"/relying-parties/{id}/disable")).Is(HttpStatusCode.OK);

        await Eventually.TrueAsync(
            async () => (await tool.SendAsync(HttpMethod.Delete, $"/relying-parties/{id}", key: id)).Status is HttpStatusCode.OK, TimeSpan.FromSeconds(30), "its sessions have ended and it is removed");

        Assert.Equal("true", (await tool.SendAsync(HttpMethod.Delete, $"/relying-parties/{id}", key: id)).Is(HttpStatusCode.OK).Headers["Idempotency-Replayed"]);
        (await tool.SendAsync(HttpMethod.Delete, $"/relying-parties/{id}")).Is(HttpStatusCode.NotFound);
        (await tool.GetAsync($"/relying-parties/{id}")).Is(HttpStatusCode.NotFound);
        Assert.False(await hub.DataAsync(db => db.Set<RelyingParty>().AnyAsync(r => r.ClientId == id, Cancel)));
        // What configuration declares comes back with the next start.
        (await tool.PostAsync("/relying-parties/registrar/disable")).Is(HttpStatusCode.OK);
        (await tool.SendAsync(HttpMethod.Delete, "/relying-parties/registrar")).Is(HttpStatusCode.Conflict);
    }

    private static (int, int, int, int, int, int) Counts(JsonNode r) =>
        ((int)r["sessions"]!, (int)r["deliveries"]!, (int)r["confirmed"]!, (int)r["waiting"]!, (int)r["refused"]!, (int)r["unconfirmed"]!);

    private async Task<SmallApplication> ApplicationAsync()
    {
        var application = await SmallApplication.StartAsync();
        var registration = New(null, new Uri(application.Address, "/callback").AbsoluteUri);
        registration.BackChannelLogoutUri = new Uri(application.Address, "/logout").AbsoluteUri;
        registration.TestUri = new Uri(application.Address, "/page").AbsoluteUri;
        (application.Hub, application.ClientId, application.Secret) = (hub.Address, registration.ClientId, await hub.RegisterAsync(registration));
        return application;
    }

    /// <summary>A hub that can be reached at its issuer.</summary>
    public sealed class Reachable : ApiHub
    {
        protected override async Task<string[]> SettingsAsync()
        {
            var address = $"http://localhost:{FreePorts.Next()}";
            return [.. await base.SettingsAsync(), "--urls", address, "--Hub:Issuer", address];
        }
    }
}
