using IdentityHub.EndToEnd.Faults;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>What the hub signs, npm <c>jose</c> verifies by the keys it publishes, in both algorithms.</summary>
public abstract class TokenTests(Installation installation)
{
    [Theory]
    [InlineData("steady", "RS256")]
    [InlineData("es256", "ES256")]
    public async Task ID_and_logout_tokens_verify_in_an_implementation_that_is_not_ours(string clientId, string algorithm)
    {
        var receiver = installation.Stubs["steady"];
        var settings = receiver.Settings with { ClientId = clientId };
        var driver = new HubDriver(installation.Hub.Address);
        var tokens = await driver.EnterAsync(settings, person: (await installation.NewPersonAsync()).Credentials);
        await driver.EndSessionAsync(settings, tokens.IdToken);
        var logout = await receiver.WaitForLogoutAsync(tokens.Sid, TimeSpan.FromSeconds(20));

        var id = await IndependentVerifier.IdTokenAsync(tokens.IdToken!, installation.Hub.Address, clientId);
        var ended = await IndependentVerifier.LogoutTokenAsync(logout.Token, installation.Hub.Address, clientId);

        foreach (var verified in new[] { id, ended })
        {
            Assert.True((bool)verified["valid"]!, verified.ToJsonString());
            Assert.Equal(algorithm, (string?)verified["header"]!["alg"]);
            Assert.Equal(tokens.Sid, (string?)verified["claims"]!["sid"]);
        }

        // Neither passes for the other, nor for one to another application.
        Assert.False((bool)(await IndependentVerifier.IdTokenAsync(logout.Token, installation.Hub.Address, clientId))["valid"]!);
        Assert.False((bool)(await IndependentVerifier.LogoutTokenAsync(tokens.IdToken!, installation.Hub.Address, clientId))["valid"]!);
        Assert.False((bool)(await IndependentVerifier.LogoutTokenAsync(logout.Token, installation.Hub.Address, "another"))["valid"]!);
    }

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation) : TokenTests(installation);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation) : TokenTests(installation);
}
