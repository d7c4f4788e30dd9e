using IdentityHub.EndToEnd.Faults;

namespace IdentityHub.EndToEnd.Crashes;

/// <summary>The applications of one test, started and stopped together.</summary>
internal sealed class Applications : IAsyncDisposable
{
    private readonly List<RelyingPartyStub> _all = [];

    public IReadOnlyList<RelyingPartyStub> All => _all;

    public static async Task<Applications> StartAsync(params IEnumerable<string> clientIds)
    {
        var applications = new Applications();
        foreach (var clientId in clientIds)
        {
            applications._all.Add(await RelyingPartyStub.StartAsync(clientId));
        }

        return applications;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var application in _all)
        {
            await application.DisposeAsync();
        }
    }
}
