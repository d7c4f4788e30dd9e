using System.Net;
using System.Net.Sockets;

namespace IdentityHub.Throttling;

/// <summary>Where a request comes from, as far as one sender can be told from another. Pure.</summary>
internal static class SourceAddress
{
    /// <summary>
    /// An IPv4 address as it is; of an IPv6 address the first 64 bits, because who has one address of such a network has
    /// all 2^64 of them (RFC 4291 §2.5.4).
    /// </summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily is AddressFamily.InterNetworkV6 ? $"{new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]])}/64" : address.ToString();
    }
}
