using System.Net;

namespace IdentityHub.RelyingParties;

/// <summary>Which addresses a relying party may register. Pure; what an address resolves to is judged when it is connected to.</summary>
internal static class UriRule
{
    /// <summary>A redirect or post-logout redirect URI: absolute, no fragment (RFC 6749 §3.1.2), https unless native.</summary>
    public static RegistrationFlaw? Redirect(string value, bool confidential, bool development, string name)
    {
        if (Absolute(value, name, out var uri) is { } refusal)
        {
            return refusal;
        }

        if (uri!.Scheme is "http" or "https")
        {
            return Web(uri, value, development || !confidential, name);
        }

        // RFC 8252 §7.1: a private-use scheme belongs to a native, thus public, client and is a reversed domain name.
        return confidential || !uri.Scheme.Contains('.', StringComparison.Ordinal)
            ? new(RegistrationFault.UriSchemeNotNative, $"{name} has '{value}'; the scheme must be https, or for a public native client a private one with a dot, such as com.example.app (RFC 8252 §7.1).", value)
            : null;
    }

    // Names that are an organisation's or a machine's own (RFC 6761, RFC 6762, RFC 8375, and ICANN's .internal).
    private static readonly string[] InnerSuffixes = [".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".corp", ".home"];

    /// <summary>
    /// A <c>backchannel_logout_uri</c> (Back-Channel Logout §2.2): absolute, no fragment, https; the query is kept. The hub
    /// itself calls it, so it may not lead inside (server-side request forgery): no address that is refused, no name of an
    /// inner network, no port of another service. What a name resolves to is judged at each connection.
    /// </summary>
    public static RegistrationFlaw? BackChannel(string? value, AddressRule addresses, bool development, string name)
    {
        if (value is null)
        {
            return null;
        }

        if (Absolute(value, name, out var uri) is { } refusal)
        {
            return refusal;
        }

        return uri!.Scheme is "http" or "https"
            ? Web(uri, value, development, name) ?? Host(uri, value, addresses, name) ?? Port(uri, value, name)
            : new(RegistrationFault.UriSchemeNotHttps, $"{name} is '{value}'; the scheme must be https.", value);
    }

    /// <summary>
    /// A <c>frontchannel_logout_uri</c> (Front-Channel Logout §2): as a redirect URI, and of the scheme, host and port of one
    /// of them, so that nobody has the hub's page load what is not theirs (attack case 15).
    /// </summary>
    public static RegistrationFlaw? FrontChannel(string? value, IEnumerable<string> redirectUris, bool development, string name)
    {
        if (value is null)
        {
            return null;
        }

        if (Absolute(value, name, out var uri) is { } refusal)
        {
            return refusal;
        }

        if (uri!.Scheme is not ("http" or "https"))
        {
            return new(RegistrationFault.UriSchemeNotHttps, $"{name} is '{value}'; the scheme must be https.", value);
        }

        return Web(uri, value, development, name) ?? (redirectUris.Any(r => Uri.TryCreate(r, UriKind.Absolute, out var redirect) && Origin(redirect) == Origin(uri))
            ? null
            : new(RegistrationFault.UriOfOtherOrigin, $"{name} is '{value}'; its scheme, host and port must be those of a redirect URI (Front-Channel Logout §2).", value));

        static string Origin(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.StrongPort, UriFormat.UriEscaped);
    }

    private static RegistrationFlaw? Host(Uri uri, string value, AddressRule addresses, string name)
    {
        var host = uri.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            // 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1 to a resolver and something else to a reader.
            return uri.HostNameType is UriHostNameType.IPv4 && !value.Contains(host, StringComparison.Ordinal)
                ? new(RegistrationFault.UriAddressWritten, $"{name} is '{value}'; an address must be written as four decimal numbers, which here would be {host}.", value, host)
                : addresses.Refusal(address) is { } refusal
                    ? new(RegistrationFault.UriAddressRefused, $"{name} is '{value}'; {address} {refusal}. Add its network to RelyingParties:AllowedNetworks if the application runs there.", value, $"{address}")
                    : null;
        }

        var inner = !host.Contains('.', StringComparison.Ordinal) || InnerSuffixes.Any(suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
        return inner && !addresses.AllowsInner(host)
            ? new(RegistrationFault.UriNameInner, $"{name} is '{value}'; {host} is a name of an inner network. Use a public name, or add the network that it resolves to to RelyingParties:AllowedNetworks.", value, host)
            : null;
    }

    // The well-known ports belong to other services, which a request of ours should not be able to reach.
    private static RegistrationFlaw? Port(Uri uri, string value, string name) => uri.Port is 80 or 443 or >= 1024
        ? null
        : new(RegistrationFault.UriPort, $"{name} is '{value}'; the port must be 443, or 1024 and above.", value);

    private static RegistrationFlaw? Absolute(string value, string name, out Uri? uri)
    {
        // The URI class drops white space and turns backslashes; a registration is compared as it was written.
        if (!Uri.TryCreate(value, UriKind.Absolute, out uri) || value.Any(c => c is <= ' ' or '\\' or > '~') || value.StartsWith('/'))
        {
            return new(RegistrationFault.UriNotAbsolute, $"{name} is '{value}'; it must be an absolute URI such as https://app.example.com/callback.", value);
        }

        if (value.Contains('#', StringComparison.Ordinal))
        {
            return new(RegistrationFault.UriHasFragment, $"{name} is '{value}'; it must have no fragment. Leave out everything from the # on.", value);
        }

        return uri.UserInfo.Length > 0 ? new(RegistrationFault.UriHasUser, $"{name} is '{value}'; it must have no user name or password.", value) : null;
    }

    private static RegistrationFlaw? Web(Uri uri, string value, bool loopbackHttp, string name)
    {
        if (uri.Scheme is "https")
        {
            return null;
        }

        return loopbackHttp && uri.IsLoopback
            ? null
            : new(RegistrationFault.UriNotHttps, $"{name} is '{value}'; it must be https. Plain http is accepted on loopback, in development and for native applications.", value);
    }
}
