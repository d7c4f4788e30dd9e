using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>A hub on its embedded defaults, one person and one relying party; shared by the tests of a class.</summary>
public sealed class HubAndStub : IAsyncLifetime
{
    internal static readonly (string Email, string Password) Ada = ("ada@example.com", "correct horse battery staple");

    private readonly TemporaryFolder _folder = new();

    internal RelyingPartyStub Notes { get; private set; } = null!;

    internal HubProcess Hub { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Notes = await RelyingPartyStub.StartAsync("notes");
        Hub = await HubProcess.StartAsync(new HubSettings { Port = FreePorts.Next(), DataFolder = _folder.Path, RelyingParties = [Notes.Settings] });
        await Hub.AddPersonAsync(Ada.Email, "Ada", Ada.Password);
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Notes.DisposeAsync();
        _folder.Dispose();
    }
}
