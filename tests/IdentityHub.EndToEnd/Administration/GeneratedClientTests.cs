using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.Administration;

/// <summary>
/// A client that is not ours: npm openapi-typescript makes it of the description that the hub publishes, the TypeScript
/// compiler holds the program against it, and the program revokes a person.
/// </summary>
public sealed class GeneratedClientTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "node", "generated-client");

    [Fact]
    public async Task It_lists_the_sessions_of_a_person_and_ends_them()
    {
        var soc = new RelyingPartySettings("soc", new Uri("http://localhost/unused"))
        {
            GrantTypes = ["client_credentials"],
            Scopes = ["hub.people.read", "hub.sessions.end"],
        };
        using var folder = new TemporaryFolder();
        await using var notes = await RelyingPartyStub.StartAsync("notes");
        await using var hub = await HubProcess.StartAsync(new HubSettings { Port = FreePorts.Next(), DataFolder = folder.Path, RelyingParties = [notes.Settings, soc] });
        await hub.AddPersonAsync("ada@example.com", "Ada Lovelace", "correct horse battery staple");
        await hub.AddPersonAsync("grace@example.com", "Grace Hopper", "correct horse battery staple");
        var (ada, grace) = (new HubDriver(hub.Address), new HubDriver(hub.Address));
        var tokens = await ada.EnterAsync(notes.Settings, person: ("ada@example.com", "correct horse battery staple"));
        await grace.SignInAsync("grace@example.com", "correct horse battery staple");
        var thief = ada.Copy();

        var answer = JsonNode.Parse(await ChildProcess.RunAsync(new Launch(Installed.Require("node", "nodejs"), "run.mjs")
        {
            Name = "generated-client",
            WorkingFolder = Folder,
            Input = JsonSerializer.Serialize(new { hub = hub.Address, clientId = soc.ClientId, clientSecret = soc.ClientSecret, search = "lovel" }),
        }, within: TimeSpan.FromMinutes(3)))!;

        Assert.Equal((1, 1, 0), ((int)answer["sessions"]!, (int)answer["ended"]!, (int)answer["left"]!));
        Assert.Equal("login_required", (await thief.AskSilentlyAsync(notes.Settings)).Error?.Code);
        Assert.True((await grace.AskSilentlyAsync(notes.Settings)).Succeeded);
        await notes.WaitForConfirmedLogoutAsync(tokens.Sid, TimeSpan.FromSeconds(20));
    }
}
