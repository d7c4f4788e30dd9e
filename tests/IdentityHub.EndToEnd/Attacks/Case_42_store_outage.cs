using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Tests.Testing;
using Npgsql;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 42: without its database the hub lets nobody in, gives nothing out and calls nothing done.</summary>
public sealed class Case_42_store_outage(SharedServers servers)
{
    [Fact]
    public async Task It_fails_closed_and_serves_on_afterwards()
    {
        using var folder = new TemporaryFolder();
        await using var notes = await RelyingPartyStub.StartAsync("notes");
        var postgres = await servers.PostgresAsync();
        await using var link = TcpProxy.Start(postgres.Port);
        var settings = new HubSettings
        {
            Port = FreePorts.Next(),
            DataFolder = folder.Path,
            Postgres = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Host = "127.0.0.1", Port = link.Port }.ConnectionString,
            RelyingParties = [notes.Settings],
        };
        await using var hub = await HubProcess.StartAsync(settings);
        var visitor = await Visitor.RegisterAsync(hub.Address, Person.New());
        var tokens = await visitor.Driver.EnterAsync(notes.Settings);
        var code = await visitor.Wire.CodeAsync(Requests.Authorize(notes.Settings));
        var question = (await visitor.Wire.GetAsync("/end-session")).Form("sign-out")!;

        await link.RefuseAsync();

        Reply[] replies =
        [
            await visitor.Wire.GetAsync("/"),
            await visitor.Wire.GetAsync(Requests.At("/authorize", Requests.Authorize(notes.Settings))),
            await visitor.Wire.TokenAsync(Requests.Redeem(notes.Settings, code)),
            await visitor.Wire.GetAsync("/userinfo", ("Authorization", $"Bearer {tokens.AccessToken}")),
            await visitor.Wire.PostAsync("/introspect", [new("token", tokens.AccessToken), new("client_id", "notes"), new("client_secret", notes.Settings.ClientSecret!)]),
            await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, notes.Settings.PostLogoutRedirectUris[0])),
            await visitor.Wire.PostAsync("/sign-out", question.Fields),
        ];
        Assert.All(replies, reply =>
        {
            Assert.True(reply.Status >= 500, $"{reply.Address.AbsolutePath}: {reply.Status} {reply.Location}");
            Assert.Null(reply.Location);
            Assert.DoesNotContain(visitor.Person.Email, reply.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("Npgsql", reply.Body, StringComparison.Ordinal);
            Assert.False(reply.Headers.Contains("Clear-Site-Data"));
        });
        // What only clients call answers in their words (RFC 6749 §5.2).
        Assert.All(replies.Where(r => r.Address.AbsolutePath is "/token" or "/userinfo" or "/introspect"), reply =>
            Assert.Equal(("application/json", "server_error"), (reply.ContentType, reply.Error)));
        Assert.False((await visitor.Wire.GetAsync("/health/ready")).Status == 200);

        link.Accept();

        await Eventually.TrueAsync(async () => (await visitor.Wire.GetAsync("/health/ready")).Status == 200, AttackedHub.Soon, "the hub is ready again");
        // Nothing that failed had happened.
        Assert.True(await visitor.IsAliveAsync(notes.Settings));
        Assert.Empty(notes.Received);
        await visitor.Driver.EndSessionAsync(idTokenHint: tokens.IdToken);
        await notes.WaitForConfirmedLogoutAsync(tokens.Sid, AttackedHub.Soon);
        Assert.False(await visitor.IsAliveAsync(notes.Settings));
    }
}
