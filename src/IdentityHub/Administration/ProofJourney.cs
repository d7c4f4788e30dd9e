using IdentityHub.Data;
using IdentityHub.RelyingParties;
using Microsoft.AspNetCore.WebUtilities;

namespace IdentityHub.Administration;

/// <summary>What one trial knows of the way: which origin is the hub, which application it is about, what may be opened. Pure.</summary>
/// <param name="Hub">The hub's own address.</param>
/// <param name="ClientId">The application.</param>
/// <param name="HubCookie">The synthetic session, as the hub alone is sent it.</param>
/// <param name="Addresses">Which addresses may be connected to.</param>
/// <param name="Development">Whether plain http on loopback is accepted.</param>
internal sealed record ProofJourney(HubOptions Hub, string ClientId, string HubCookie, AddressRule Addresses, bool Development)
{
    public static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);

    /// <summary>Scheme, host and port are the hub's.</summary>
    public bool IsHub(Uri address) => Origin(address) == Origin(Hub.IssuerUri);

    public bool IsAuthorize(Uri address) => address.AbsolutePath == new Uri(Hub.IssuerUri, "authorize").AbsolutePath;

    public bool IsOfApplication(Uri address) => QueryHelpers.ParseQuery(address.Query).TryGetValue("client_id", out var client) && client == ClientId;

    /// <summary>Why an address is not opened; null when it is. What its name resolves to is judged when it is connected to.</summary>
    public string? Refusal(Uri address) => UriRule.BackChannel(address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped), Addresses, Development, "the redirect")?.Words;

    private static string Origin(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.StrongPort, UriFormat.UriEscaped);
}
