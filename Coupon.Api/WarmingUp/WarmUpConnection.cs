using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Coupon.Api.WarmingUp;

/// <summary>
/// A kept-alive connection that presses the button. It is a bare socket: an HTTP client would take longer to warm up than the path itself, and its
/// code would stay in memory for nothing.
/// </summary>
internal sealed class WarmUpConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[8 * 1024];

    public static async Task<WarmUpConnection> OpenAsync(Uri server, CancellationToken cancellationToken)
    {
        var connection = new WarmUpConnection();
        await connection._socket.ConnectAsync(server.Host, server.Port, cancellationToken);
        return connection;
    }

    /// <summary>Presses once, and waits for the whole answer. Its status does not matter.</summary>
    public async Task PressAsync(Uri button, long userId, CancellationToken cancellationToken)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $$"""{"userId":{{userId}}}""");
        var request = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {button.AbsolutePath} HTTP/1.1\r\nHost: {button.Authority}\r\nContent-Type: application/json\r\n"
                + $"Content-Length: {body.Length}\r\n\r\n{body}"
        );
        await _socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        for (var length = 0; !IsWhole(_received.AsSpan(0, length)); )
        {
            var count = await _socket.ReceiveAsync(_received.AsMemory(length), cancellationToken);
            length += count > 0 ? count : throw new IOException("The connection was closed before the answer was whole.");
        }
    }

    public void Dispose() => _socket.Dispose();

    // Every answer of the endpoint has a Content-Length.
    private static bool IsWhole(ReadOnlySpan<byte> received)
    {
        var body = received.IndexOf("\r\n\r\n"u8) + 4;
        var length = received.IndexOf("Content-Length: "u8) + 16;
        return body >= 4 && length >= 16 && Utf8Parser.TryParse(received[length..], out int expected, out _) && received.Length - body >= expected;
    }
}
