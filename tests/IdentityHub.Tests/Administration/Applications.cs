using IdentityHub.Administration;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Tests.Account;
using OpenIddict.Core;
using Xunit;

namespace IdentityHub.Tests.Administration;

/// <summary>Applications of the tests, registered as an administrator registers them.</summary>
internal static class Applications
{
    public static readonly Initiator Root = Initiator.Administrator(new Guid("01900000-0000-7000-8000-00000000aaaa"));

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A name that no other test has.</summary>
    public static string NewId(string name = "app") => $"{name}-{Guid.CreateVersion7():N}";

    public static Registration New(string? clientId = null, params string[] redirects)
    {
        var registration = new Registration { ClientId = clientId ?? NewId(), DisplayName = "An application" };
        foreach (var uri in redirects.DefaultIfEmpty("https://app.example.com/callback"))
        {
            registration.RedirectUris.Add(uri);
        }

        return registration;
    }

    /// <summary>Registers it; its secret.</summary>
    public static async Task<string> RegisterAsync(this StartedHub hub, Registration registration)
    {
        var changed = await hub.ChangesAsync(c => c.RegisterAsync(registration, confidential: true, Root, Cancel));
        Assert.Equal(PartyChange.Done, changed.Result);
        return changed.Secret!;
    }

    public static Task<PartyChanged> ChangesAsync(this StartedHub hub, Func<RelyingPartyChanges, Task<PartyChanged>> act) => hub.ServiceAsync(act);

    public static Task<PartyChanged> RemovalAsync(this StartedHub hub, Func<RelyingPartyRemoval, Task<PartyChanged>> act) => hub.ServiceAsync(act);

    /// <summary>Whether the token endpoint would take this secret.</summary>
    public static Task<bool> TakesAsync(this StartedHub hub, string clientId, string secret) =>
        hub.ServiceAsync<OpenIddictApplicationManager<RelyingParty>, bool>(async parties =>
            await parties.ValidateClientSecretAsync((await parties.FindByClientIdAsync(clientId, Cancel))!, secret, Cancel));
}
