using System.Net;
using System.Net.Sockets;

namespace Coupon.LocalServers;

/// <summary>Asks a Redis or a Sentinel whether it serves.</summary>
internal static class RedisPing
{
    /// <summary>Whether it answers, and not with an error.</summary>
    public static async Task<bool> IsAnsweredAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);

            // "+PONG", or "-LOADING" while the append-only file is read.
            var answer = new byte[5];
            await stream.ReadExactlyAsync(answer, cancellationToken);
            return answer[0] == '+';
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
