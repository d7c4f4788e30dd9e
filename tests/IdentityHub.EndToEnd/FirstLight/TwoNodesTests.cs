using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>Two hub processes on one PostgreSQL and one RabbitMQ: what one has ended, the other refuses from the next request on.</summary>
[Collection(typeof(ServerInstallation.Tests))]
public sealed class TwoNodesTests(ServerInstallation installation, Browser browser) : IAsyncLifetime
{
    private readonly BrowserWindows _windows = new(browser);
    private HubProcess _second = null!;

    public async ValueTask InitializeAsync() => _second = await HubProcess.StartAsync(
        installation.Hub.Settings with { Port = FreePorts.Next(), Issuer = installation.Hub.Address });

    public async ValueTask DisposeAsync()
    {
        await _windows.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task Signed_out_in_Notes_on_one_node_nothing_is_taken_on_the_other()
    {
        var page = await _windows.OpenAsync();
        await page.SignInEverywhereAsync(installation, await installation.NewPersonAsync());
        var copies = await Copies.TakeAsync(installation, page.Context);
        Assert.NotEmpty(await copies.AtHubAsync(_second.Address));

        await page.SignOutAtNotesAsync(installation);

        Assert.Equal([], await copies.AtHubAsync(_second.Address));
        Assert.Equal([], await copies.RefreshAsync(_second.Address));
        await copies.AssertDieAsync();
    }

    [Fact]
    public async Task The_next_request_at_the_other_node_is_refused_whichever_it_is()
    {
        var settings = installation.Stubs["steady"].Settings;
        var nodes = new[] { installation.Hub.Address, _second.Address };
        var person = await installation.NewPersonAsync();
        var requests = new Dictionary<string, Func<HubDriver, Tokens, Task<bool>>>
        {
            ["prompt=none"] = async (thief, _) => (await thief.AskSilentlyAsync(settings)).Succeeded,
            ["userinfo"] = async (thief, tokens) => (await thief.Back.UserInfoAsync(tokens.AccessToken)).Succeeded,
            ["introspection"] = (thief, tokens) => thief.Back.IsActiveAsync(settings, tokens.AccessToken),
            ["refresh"] = async (thief, tokens) => (await thief.Back.RefreshAsync(settings, tokens.RefreshToken)).Succeeded,
        };
        foreach (var (name, request) in requests)
        {
            foreach (var (ending, other) in new[] { (nodes[0], nodes[1]), (nodes[1], nodes[0]) })
            {
                var here = new HubDriver(ending);
                var tokens = await here.EnterAsync(settings, person: person.Credentials);
                var thief = here.At(other);
                // The other node has seen the session alive, and could have remembered it.
                Assert.True((await thief.AskSilentlyAsync(settings)).Succeeded);
                Assert.True((await thief.Back.UserInfoAsync(tokens.AccessToken)).Succeeded);

                await here.EndSessionAsync(settings, tokens.IdToken);

                Assert.False(await request(thief, tokens), $"{name} was taken at {other} after the session had ended at {ending}.");
            }
        }
    }
}
