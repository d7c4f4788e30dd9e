using IdentityHub.Administration;
using IdentityHub.Tests.Account;
using Xunit;

namespace IdentityHub.Tests.Administration;

/// <summary><c>hub admin</c>, on an installation that nobody administers yet.</summary>
public sealed class AdministratorCommandTests : IAsyncLifetime
{
    private readonly StartedHub _hub = new();

    public ValueTask InitializeAsync() => _hub.InitializeAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task The_first_one_is_invited_and_the_last_one_stays()
    {
        Assert.Contains("hub admin invite", (await RunAsync("list")).Output, StringComparison.Ordinal);

        var invited = await RunAsync("invite", "grace@example.com");

        Assert.Equal(0, invited.Code);
        Assert.Matches("^http://127.0.0.1/admin/invitation\\?link=[\\w-]{43}\n", invited.Output);
        var grace = await _hub.PersonAsync("Grace");
        Assert.Equal((0, $"{grace.Email} is administrator.\n"), Done(await RunAsync("set", grace.Email!, "administrator")));
        var demoted = await RunAsync("set", grace.Email!, "viewer");
        Assert.Equal((2, $"{grace.Email} is the last administrator. Make another one first.\n"), (demoted.Code, demoted.Error));
        Assert.Equal(2, (await RunAsync("remove", grace.Email!)).Code);

        var ada = await _hub.PersonAsync();
        await RunAsync("set", ada.Email!, "administrator");
        Assert.Equal((0, $"{grace.Email} is no administrator any more.\n"), Done(await RunAsync("remove", grace.Email!)));
        Assert.Equal((0, $"{ada.Email}  administrator  no second factor yet\n"), Done(await RunAsync("list")));
        Assert.Contains("\"role\":\"administrator\",\"secondFactor\":false", (await RunAsync("list", "--json")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_the_fix()
    {
        var ada = await _hub.PersonAsync();

        Assert.Equal((2, "The role is 'king'; it must be viewer, operator or administrator.\n"), Refused(await RunAsync("invite", "a@example.com", "--role", "king")));
        Assert.Equal((2, "The role is 'king'; it must be viewer, operator or administrator.\n"), Refused(await RunAsync("set", ada.Email!, "king")));
        Assert.Equal(2, (await RunAsync("invite", "no address")).Code);
        Assert.Equal(3, (await RunAsync("set", "nobody@example.com", "viewer")).Code);
        Assert.Equal((3, $"{ada.Email} is no administrator.\n"), Refused(await RunAsync("remove", ada.Email!)));
    }

    private static (int, string) Done(Ran ran) => (ran.Code, ran.Output);

    private static (int, string) Refused(Ran ran) => (ran.Code, ran.Error);

    private Task<Ran> RunAsync(params string[] words) => CommandLine.RunAsync(_hub, AdministratorCommand.Create, words);
}
