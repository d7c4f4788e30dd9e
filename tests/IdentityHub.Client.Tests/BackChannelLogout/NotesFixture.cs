using IdentityHub.Client.Tests.Testing;

namespace IdentityHub.Client.Tests.BackChannelLogout;

/// <summary>One <c>Notes</c> for a class of tests that each use people and sids of their own.</summary>
public sealed class NotesFixture : IAsyncLifetime
{
    internal NotesProcess Notes { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Notes = await NotesProcess.StartAsync();

    public ValueTask DisposeAsync() => Notes.DisposeAsync();
}
