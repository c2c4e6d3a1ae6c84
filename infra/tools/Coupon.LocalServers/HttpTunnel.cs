using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Coupon.LocalServers;

/// <summary>
/// The links of one client to servers whose addresses it learns from the servers themselves, such as those of a Redis Cluster. The client asks for
/// each by its port (CONNECT, RFC 9110, section 9.3.6), and gets the link to it. Redis' client is told with <c>tunnel=http:</c> and the address.
/// </summary>
public sealed class HttpTunnel : IAsyncDisposable
{
    private const int LongestRequest = 4096;
    private static readonly byte[] _connected = "HTTP/1.1 200 OK\r\n\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly IReadOnlyDictionary<int, TcpProxy> _links;
    private readonly Task _accepting;

    /// <summary>Listens at once.</summary>
    /// <param name="links">The link to each server, by the port of the server.</param>
    public HttpTunnel(IReadOnlyDictionary<int, TcpProxy> links)
    {
        _links = links;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where the client connects to.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();

        // Before the listener stops: a stopped one throws where the next connection is asked for, in place of ending with the token.
        await _accepting;
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_end.Token), _end.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken end)
    {
        using var caller = client;
        using var link = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        caller.NoDelay = true;
        try
        {
            if (await PortAsync(caller, end) is not { } port || !_links.TryGetValue(port, out var proxy))
                return;
            await link.ConnectAsync(IPAddress.Loopback, proxy.Port, end);
            await caller.SendAsync(_connected, end);
            await Task.WhenAny(PumpAsync(caller, link, end), PumpAsync(link, caller, end));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Either side has gone.
        }
    }

    // The client sends nothing more before it has its answer.
    private static async Task<int?> PortAsync(Socket caller, CancellationToken end)
    {
        var bytes = new byte[LongestRequest];
        var length = 0;
        while (length < bytes.Length && await caller.ReceiveAsync(bytes.AsMemory(length), end) is > 0 and var count)
        {
            length += count;
            var text = Encoding.ASCII.GetString(bytes, 0, length);
            if (!text.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                continue;
            var words = text.Split(' ');
            return words.Length > 1 && words[0] == "CONNECT" && IPEndPoint.TryParse(words[1], out var asked) ? asked.Port : null;
        }

        return null;
    }

    private static async Task PumpAsync(Socket from, Socket to, CancellationToken end)
    {
        var bytes = new byte[32 * 1024];
        while (await from.ReceiveAsync(bytes, end) is var count and > 0)
        {
            for (var sent = 0; sent < count; )
                sent += await to.SendAsync(bytes.AsMemory(sent, count - sent), end);
        }
    }
}
