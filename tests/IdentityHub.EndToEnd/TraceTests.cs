using System.Diagnostics;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd;

/// <summary>
/// One trace (W3C Trace Context) from the person's click at one node to the request that another node makes to the
/// application, over the transaction, the broker and the row in between.
/// </summary>
public sealed class TraceTests(SharedServers servers)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_application_is_told_under_the_trace_of_the_click()
    {
        using var folder = new TemporaryFolder();
        await using var notes = await RelyingPartyStub.StartAsync("notes");
        var settings = new HubSettings
        {
            Port = FreePorts.Next(),
            DataFolder = folder.Path,
            Postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync(),
            RabbitMq = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(),
            RelyingParties = [notes.Settings],
            More = new Dictionary<string, string?> { ["Hub__Role"] = "web" },
        };
        await using var web = await HubProcess.StartAsync(settings);
        await using var dispatcher = await HubProcess.StartAsync(settings with
        {
            Port = FreePorts.Next(),
            Issuer = web.Address,
            More = new Dictionary<string, string?> { ["Hub__Role"] = "dispatcher" },
        });
        await web.AddPersonAsync("ada@example.com", "Ada", "correct horse battery staple");
        var ada = new HubDriver(web.Address);
        var tokens = await ada.EnterAsync(notes.Settings, person: ("ada@example.com", "correct horse battery staple"));

        // The browser's part: its requests say which trace they belong to.
        using var click = new Activity("click").SetIdFormat(ActivityIdFormat.W3C).Start();
        await ada.EndSessionAsync(notes.Settings, tokens.IdToken);
        click.Stop();

        var told = await notes.WaitForConfirmedLogoutAsync(tokens.Sid, Soon);
        Assert.StartsWith($"00-{click.TraceId}-", told.TraceParent, StringComparison.Ordinal);
    }
}
