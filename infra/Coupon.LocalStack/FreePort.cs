using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Coupon.LocalStack;

/// <summary>Finds loopback ports that nobody listens on.</summary>
public static class FreePort
{
    // Below the range that Linux takes client ports from (32768 and up): a server that is killed must find its port free again when it is
    // started again, not taken by somebody's outgoing connection.
    private const int First = 20_000;
    private const int AfterLast = 32_000;

    private static readonly ConcurrentDictionary<int, int> _handedOut = new();

    /// <summary>One that nobody listens on at any time: only root might, and does not. For what must not be reached.</summary>
    public const int OfNobody = 1;

    /// <summary>A port that was free a moment ago, and that nobody here was given: who has it may not listen yet. Another process may be faster: whoever starts a server on it must be ready to ask again.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, AfterLast);
            if (IsFree(port) && _handedOut.TryAdd(port, port)) return port;

            // Long before there is none left.
            if (_handedOut.Count > (AfterLast - First) / 2) _handedOut.Clear();
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
