using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Coupon.LocalServers;

/// <summary>Finds loopback ports without a listener.</summary>
public static class FreePort
{
    // Below the range that Linux takes client ports from (32768 and up): a server that is killed must find its port free again when it is
    // started again, not taken by an outgoing connection of another process.
    private const int First = 20_000;
    private const int AfterLast = 32_000;

    private static readonly ConcurrentDictionary<int, int> _handedOut = new();

    /// <summary>A port that no process ever listens on. For an address that must be unreachable.</summary>
    public const int OfNobody = 1;

    /// <summary>
    /// A port that was free a moment ago and that this process has not handed out before: its owner may not listen yet. Another process may still
    /// take it first, so a caller that starts a server on it must be ready to ask for another.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, AfterLast);
            if (IsFree(port) && _handedOut.TryAdd(port, port))
                return port;

            // Ends long before all ports are taken.
            if (_handedOut.Count > (AfterLast - First) / 2)
                _handedOut.Clear();
        }
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
