using System.Net;
using System.Net.Sockets;
using IdentityHub.RelyingParties;

namespace IdentityHub.BackChannelLogout;

/// <summary>
/// Opens the connections to relying parties. The rule is asked about the address that the connection goes to, after
/// the name was resolved and without resolving it again: a name that changes its mind (DNS rebinding) is caught.
/// </summary>
/// <param name="rule">Says which addresses are refused.</param>
/// <param name="within">How long connecting may take, over all addresses of the name.</param>
/// <param name="time">The clock.</param>
/// <param name="resolve">Another source of addresses than the system's, for tests.</param>
internal sealed class GuardedConnect(AddressRule rule, TimeSpan within, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    public async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var target = context.DnsEndPoint;
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await _resolve(target.Host, cancel);
        var objections = addresses.Select(address => (Address: address, Refusal: rule.Refusal(address))).ToList();
        var usable = objections.Where(o => o.Refusal is null).Select(o => o.Address).ToList();
        if (usable.Count == 0 && objections.Count > 0)
        {
            throw new RefusedAddressException($"{target.Host} resolves to {objections[0].Address}, which {objections[0].Refusal}");
        }

        return await OpenFirstAsync(usable, target.Port, cancel);
    }

    private async Task<Stream> OpenFirstAsync(List<IPAddress> addresses, int port, CancellationToken cancel)
    {
        SocketException failure = new((int)SocketError.HostNotFound);
        foreach (var address in addresses)
        {
            // Each address gets its share, so that a first one that swallows packets leaves time for the second.
            using var bound = new CancellationTokenSource(within / addresses.Count, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, bound.Token);
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), either.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException ex)
            {
                socket.Dispose();
                failure = ex;
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                socket.Dispose();
                failure = new SocketException((int)SocketError.TimedOut);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure;
    }
}

/// <summary>Every address a name resolves to is one that the hub does not connect to.</summary>
internal sealed class RefusedAddressException(string message) : IOException(message);
