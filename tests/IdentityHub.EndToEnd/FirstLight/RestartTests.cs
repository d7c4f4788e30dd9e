using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>A restart is no event for people and applications: what was signed before stays valid, and ends as before.</summary>
public abstract class RestartTests(Installation installation, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task A_restart_keeps_people_signed_in_and_refresh_tokens_valid()
    {
        var person = await installation.NewPersonAsync();
        var page = await _windows.OpenAsync();
        await page.SignInEverywhereAsync(installation, person);
        var before = await Copies.TakeAsync(installation, page.Context);

        await installation.Hub.RestartAsync();

        await before.AssertAliveAsync();
        await page.GotoAsync(installation.Hub.Address.AbsoluteUri);
        Assert.Contains(person.Name, await page.ContentAsync(), StringComparison.Ordinal);
        foreach (var (application, tokens) in before.Tokens)
        {
            var verified = await IndependentVerifier.IdTokenAsync(tokens.IdToken!, installation.Hub.Address, application.Settings.ClientId);
            Assert.True((bool)verified["valid"]!, verified.ToJsonString());
        }

        await before.AssertRefreshesAsync();
    }

    [Fact]
    public async Task A_session_from_before_a_restart_ends_everywhere_after_it()
    {
        var page = await _windows.OpenAsync();
        await page.SignInEverywhereAsync(installation, await installation.NewPersonAsync());
        var before = await Copies.TakeAsync(installation, page.Context);
        await installation.Hub.RestartAsync();

        await page.SignOutAtNotesAsync(installation);

        await before.AssertDieAsync();
    }

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation, Browser browser) : RestartTests(installation, browser);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation, Browser browser) : RestartTests(installation, browser);
}
