using IdentityHub.Tests.Testing.InProcess;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class NewDeviceTests(StartedHub hub) : IClassFixture<StartedHub>
{
    private const string Subject = "New sign-in to your account at IdentityHub";

    [Fact]
    public async Task Only_a_sign_in_in_another_browser_than_before_is_told()
    {
        var ada = await hub.PersonAsync();
        using var first = hub.Visitor();
        using var second = hub.Visitor();
        await first.SignInAsync(ada);
        await first.FillAsync("/sign-out");
        await first.SignInAsync(ada);

        await second.SignInAsync(ada);

        var mail = await hub.Mail.WaitAsync(ada.Email!, Subject);
        Assert.Contains("Unknown device, address 127.0.0.1, on ", mail.TextBody, StringComparison.Ordinal);
        Assert.Single(await hub.Mail.ToAsync(ada.Email!));
        // And with it goes whoever it was.
        var link = Mailbox.Link(mail, "/not-me");
        await first.FillAsync(link, ("link", Mailbox.Secret(link)));
        Assert.Equal("/sign-in", (await second.GetAsync("/")).Location);
    }
}
