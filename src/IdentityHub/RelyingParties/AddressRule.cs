using System.Net;
using System.Net.Sockets;
using IdentityHub.Data;

namespace IdentityHub.RelyingParties;

/// <summary>
/// Which addresses the hub may open a connection to on behalf of a registration (server-side request forgery). Asked
/// with the address that is about to be used, so that a name that resolves differently the second time (DNS
/// rebinding) gains nothing. Pure: takes an address, returns the objection.
/// </summary>
internal sealed class AddressRule(IReadOnlyCollection<IPNetwork> allowed, bool networks = false)
{
    // The IANA special-purpose registries for IPv4 and IPv6, and one address of a cloud's own services.
    private static readonly (IPNetwork Network, string Kind)[] Refused =
    [
        Row("0.0.0.0/8", "an unspecified address"),
        Row("10.0.0.0/8", "a private address"),
        Row("100.64.0.0/10", "an address of a carrier's inner network"),
        Row("127.0.0.0/8", "a loopback address"),
        Row("168.63.129.16/32", "an address of a cloud's own services"),
        Row("169.254.0.0/16", "a link-local address"),
        Row("172.16.0.0/12", "a private address"),
        Row("192.0.0.0/24", "a reserved address"),
        Row("192.0.2.0/24", "a documentation address"),
        Row("192.88.99.0/24", "a reserved address"),
        Row("192.168.0.0/16", "a private address"),
        Row("198.18.0.0/15", "a benchmarking address"),
        Row("198.51.100.0/24", "a documentation address"),
        Row("203.0.113.0/24", "a documentation address"),
        Row("224.0.0.0/4", "a multicast address"),
        Row("240.0.0.0/4", "a reserved address"),
        Row("::/128", "an unspecified address"),
        Row("::1/128", "a loopback address"),
        Row("fc00::/7", "a private address"),
        Row("fe80::/10", "a link-local address"),
        Row("fec0::/10", "a private address"),
        Row("ff00::/8", "a multicast address"),
        Row("2001::/23", "a reserved address"),
        Row("2001:db8::/32", "a documentation address"),
        Row("3fff::/20", "a documentation address"),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork TranslatedToIPv4 = IPNetwork.Parse("64:ff9b::/96");

    public static AddressRule From(IConfiguration configuration, IHostEnvironment environment) =>
        From(configuration.GetSection("RelyingParties:AllowedNetworks").Get<string[]>() ?? [], environment.IsDevelopment());

    /// <param name="networks">The setting <c>RelyingParties:AllowedNetworks</c>: networks or addresses that are allowed all the same.</param>
    /// <param name="development">Whether loopback is allowed.</param>
    public static AddressRule From(IEnumerable<string> networks, bool development)
    {
        var allowed = networks.Select(Parse).ToList();
        var any = allowed.Count > 0;
        if (development)
        {
            allowed.Add(IPNetwork.Parse("127.0.0.0/8"));
            allowed.Add(IPNetwork.Parse("::1/128"));
        }

        return new AddressRule(allowed, any);
    }

    /// <summary>Why <paramref name="address"/> is not connected to, as the end of a sentence that begins with it; null when it is.</summary>
    public string? Refusal(IPAddress address)
    {
        var real = Embedded(address);
        if (allowed.Any(network => network.Contains(real)))
        {
            return null;
        }

        foreach (var (network, kind) in Refused)
        {
            if (network.Contains(real))
            {
                return $"is {kind}";
            }
        }

        return real.AddressFamily is AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(real) ? "is a reserved address" : null;
    }

    /// <summary>
    /// Whether a name of an inner network may be registered: where networks are allowed, since it can only lead there, and
    /// the machine's own names where its own addresses are.
    /// </summary>
    public bool AllowsInner(string host) => networks
        || (Refusal(IPAddress.Loopback) is null && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)));

    // The IPv4 address that an IPv6 one stands for: mapped (RFC 4291 §2.5.5.2), NAT64 (RFC 6052) and 6to4 (RFC 3056).
    private static IPAddress Embedded(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (TranslatedToIPv4.Contains(address))
        {
            return new IPAddress(address.GetAddressBytes().AsSpan(12, 4));
        }

        return SixToFour.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(2, 4)) : address;
    }

    private static IPNetwork Parse(string network)
    {
        if (IPNetwork.TryParse(network, out var parsed))
        {
            return parsed;
        }

        return IPAddress.TryParse(network, out var one)
            ? new IPNetwork(one, one.AddressFamily is AddressFamily.InterNetwork ? 32 : 128)
            : throw new SettingException($"RelyingParties:AllowedNetworks has '{network}'; it must be an address or a network such as 10.1.0.0/16.");
    }

    private static (IPNetwork, string) Row(string network, string kind) => (IPNetwork.Parse(network), kind);
}
