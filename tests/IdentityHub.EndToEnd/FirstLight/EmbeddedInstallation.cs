using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>SQLite and the in-memory transport: the embedded default.</summary>
public sealed class EmbeddedInstallation : Installation
{
    internal override Task<HubSettings> ChooseAsync(HubSettings settings) => Task.FromResult(settings);

    // These tests hold the hub to seconds, so nothing else of this program runs beside them.
    [CollectionDefinition(DisableParallelization = true)]
    public sealed class Tests : ICollectionFixture<EmbeddedInstallation>;
}
