using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace IdentityHub.Tests.Testing;

/// <summary>
/// Ports on loopback that nobody listens on. Taken below the range from which the system serves outgoing connections
/// (32768 and up on Linux), where a connection could grab the port between the question and the server's start.
/// </summary>
internal static class FreePorts
{
    private static readonly HashSet<int> Given = [];

    public static int Next() => Row(1);

    /// <summary>The first of as many ports that follow each other.</summary>
    public static int Row(int count)
    {
        lock (Given)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var row = Enumerable.Range(RandomNumberGenerator.GetInt32(20_000, 32_000 - count), count).ToList();
                if (row.TrueForAll(port => !Given.Contains(port) && IsFree(port)))
                {
                    Given.UnionWith(row);
                    return row[0];
                }
            }
        }

        throw new InvalidOperationException($"No {count} free ports between 20000 and 32000 on loopback after 1000 tries.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
