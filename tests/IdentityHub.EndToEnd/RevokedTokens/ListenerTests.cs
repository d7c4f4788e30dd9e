using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.RevokedTokens;

/// <summary>A system of the installation's own hears from the broker of every session that ends.</summary>
public sealed class ListenerTests(SharedServers servers)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task It_hears_of_a_session_that_ended_also_of_one_that_ended_while_it_was_down()
    {
        var broker = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync();
        using var folder = new TemporaryFolder();
        await using var notes = await RelyingPartyStub.StartAsync("notes");
        await using var hub = await HubProcess.StartAsync(new HubSettings
        {
            Port = FreePorts.Next(),
            DataFolder = folder.Path,
            Postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync(),
            RabbitMq = broker,
            RelyingParties = [notes.Settings],
        });
        await hub.AddPersonAsync("ada@example.com", "Ada", "correct horse battery staple");

        await using (var listener = await ListenAsync(broker))
        {
            var sid = await EndOneAsync(hub, notes);
            await listener.WaitForLineAsync(new($"^signed_out: {sid}$", System.Text.RegularExpressions.RegexOptions.Multiline), Soon);
        }

        var missed = await EndOneAsync(hub, notes);
        await using var again = await ListenAsync(broker);
        await again.WaitForLineAsync(new($"^signed_out: {missed}$", System.Text.RegularExpressions.RegexOptions.Multiline), Soon);
    }

    private static async Task<ChildProcess> ListenAsync(Uri broker)
    {
        var listener = ChildProcess.Start(Launch.Dotnet(Processes.Built("Listener.dll")) with
        {
            Environment = new Dictionary<string, string?> { ["BROKER"] = broker.AbsoluteUri },
        });
        await listener.WaitForLineAsync(new("^Listening\\.$", System.Text.RegularExpressions.RegexOptions.Multiline), Soon);
        return listener;
    }

    private static async Task<string> EndOneAsync(HubProcess hub, RelyingPartyStub notes)
    {
        var ada = new HubDriver(hub.Address);
        var tokens = await ada.EnterAsync(notes.Settings, person: ("ada@example.com", "correct horse battery staple"));
        await ada.EndSessionAsync(notes.Settings, tokens.IdToken);
        return tokens.Sid;
    }
}
