using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Unicode;

namespace Coupon.Sale.Load;

/// <summary>
/// One kept-alive HTTP/1.1 connection that asks for coupons. It uses a bare socket, because the load shares its cores with the service: HttpClient
/// would cost about as much per request as the service does.
/// </summary>
internal sealed class IssuanceConnection : IDisposable
{
    // JSON may be followed by spaces (RFC 8259, section 2), so every request has the same length and the same head.
    private const int BodyLength = 32;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[16 * 1024];
    private readonly byte[] _request;
    private readonly int _headLength;

    private IssuanceConnection(string head)
    {
        _headLength = Encoding.ASCII.GetByteCount(head);
        _request = new byte[_headLength + BodyLength];
        Encoding.ASCII.GetBytes(head, _request);
    }

    public static async Task<IssuanceConnection> OpenAsync(Uri api, long couponId, CancellationToken cancellationToken)
    {
        var connection = new IssuanceConnection(
            string.Create(CultureInfo.InvariantCulture, $"POST /coupons/{couponId}/issuances HTTP/1.1\r\nHost: {api.Authority}\r\n")
                + string.Create(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {BodyLength}\r\n\r\n")
        );
        await connection._socket.ConnectAsync(api.Host, api.Port, cancellationToken);
        return connection;
    }

    /// <summary>Presses the button once.</summary>
    /// <exception cref="IOException">The connection ended before the answer was whole.</exception>
    public async ValueTask<HttpAnswer> AskAsync(long userId, CancellationToken cancellationToken)
    {
        var body = _request.AsSpan(_headLength);
        body.Fill((byte)' ');
        Utf8.TryWrite(body, CultureInfo.InvariantCulture, $"{{\"userId\":{userId}}}", out _);
        await _socket.SendAsync(_request.AsMemory(), cancellationToken);

        var length = 0;
        while (true)
        {
            var count = await _socket.ReceiveAsync(_received.AsMemory(length), cancellationToken);
            if (count == 0)
                throw new IOException("The connection was closed before the answer was whole.");
            length += count;
            if (HttpAnswer.TryRead(_received.AsSpan(0, length), out var answer))
                return answer;
        }
    }

    public void Dispose() => _socket.Dispose();
}
