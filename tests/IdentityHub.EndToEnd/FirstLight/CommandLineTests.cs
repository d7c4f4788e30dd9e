using IdentityHub.EndToEnd.Faults;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>Applications and people made on the command line, while the hub runs.</summary>
public abstract class CommandLineTests(Installation installation)
{
    [Fact]
    public async Task An_application_added_on_the_command_line_signs_people_in_and_hears_of_sign_out()
    {
        await using var stub = await RelyingPartyStub.StartAsync("by-hand");
        var person = Person.New();
        await installation.Hub.AddPersonAsync(person.Email, person.Name, person.Password);

        var printed = await HubProcess.CommandAsync(
            installation.Hub.Settings, "rp", "add", "--client-id", stub.Settings.ClientId, "--name", "By hand",
            "--redirect-uri", stub.Settings.RedirectUri.AbsoluteUri, "--backchannel-logout-uri", stub.Settings.BackChannelLogoutUri!.AbsoluteUri);

        var settings = stub.Settings with { ClientSecret = printed.Split('\n').Single(line => line.StartsWith("client_secret: ", StringComparison.Ordinal))[15..].Trim() };
        var driver = new HubDriver(installation.Hub.Address);
        var tokens = await driver.EnterAsync(settings, person: person.Credentials);
        Assert.Equal(person.Name, (string?)(await driver.Back.UserInfoAsync(tokens.AccessToken)).Expect()["name"]);
        await driver.EndSessionAsync(settings, tokens.IdToken);
        await stub.WaitForConfirmedLogoutAsync(tokens.Sid, TimeSpan.FromSeconds(20));
    }

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation) : CommandLineTests(installation);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation) : CommandLineTests(installation);
}
