using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack cases 11 and 15: whoever registers an application can have the hub call, or its page load, what is not theirs.
/// At the program, as it runs in production; <c>RegistrationRulesTests</c> has every spelling, and
/// <c>LogoutTokenSenderTests</c> what a name leads to at the instant of the connection.
/// </summary>
public sealed class Case_11_15_addresses_of_others
{
    [Fact]
    public async Task Case_11_15_the_program_refuses_them_and_says_why()
    {
        using var folder = new TemporaryFolder();
        await AssertRefusedAsync(folder, "--backchannel-logout-uri", "https://[::ffff:169.254.169.254]/latest", "is a link-local address");
        await AssertRefusedAsync(folder, "--backchannel-logout-uri", "https://0x7f.1/logout", "four decimal numbers");
        await AssertRefusedAsync(folder, "--frontchannel-logout-uri", "https://other.example.com/front", "must be those of a redirect URI");
    }

    private static async Task AssertRefusedAsync(TemporaryFolder folder, string option, string address, string why)
    {
        var settings = new HubSettings
        {
            Port = FreePorts.Next(),
            DataFolder = folder.Path,
            Issuer = new Uri("https://id.example.com"),
            More = new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Production" },
        };

        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => HubProcess.CommandAsync(
            settings, "rp", "add", "--client-id", "mallory", "--redirect-uri", "https://app.example.com/callback", option, address));

        Assert.Contains($"{option} is '{address}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }
}
