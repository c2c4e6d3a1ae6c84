using System.Net;
using System.Net.Sockets;

namespace Coupon.LocalServers;

/// <summary>
/// A TCP proxy on a loopback port, as brokers stand behind proxies and balancers: it accepts at once, whatever the server does, and keeps the
/// connections of its clients open while the server is frozen. One that the server closes is closed.
/// </summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _lock = new();
    private readonly List<Connection> _connections = [];
    private readonly Task _accepting;

    /// <summary>Listens on a free port.</summary>
    public TcpRelay()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>The port that clients connect to.</summary>
    public int Port { get; }

    /// <summary>The port on this machine that connections are relayed to. 0: none yet, connections are closed at once.</summary>
    public int Target { get; set; }

    /// <summary>From now on nothing passes on the connections that are open, and they stay open; new ones pass.</summary>
    public void Silence()
    {
        lock (_lock)
        {
            foreach (var connection in _connections)
                connection.IsSilent = true;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();

        // Before the listener stops: a stopped one throws where the next connection is asked for, in place of ending with the token.
        await _accepting;
        _listener.Stop();
        lock (_lock)
        {
            foreach (var connection in _connections)
                connection.Close();
        }

        _closed.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_closed.Token);
                _ = Task.Run(() => RelayAsync(client));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Closed, or a client that was gone before it was accepted.
            }
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient();
        var connection = new Connection(client, server);
        lock (_lock)
            _connections.Add(connection);
        try
        {
            client.NoDelay = server.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, Target, _closed.Token);
            var toServer = connection.PumpAsync(client, server, _closed.Token);
            await Task.WhenAny(toServer, connection.PumpAsync(server, client, _closed.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The server does not listen: the client is told by the end of its connection.
        }
        finally
        {
            lock (_lock)
                _connections.Remove(connection);
            connection.Close();
        }
    }

    private sealed class Connection(TcpClient client, TcpClient server)
    {
        public volatile bool IsSilent;

        public async Task PumpAsync(TcpClient from, TcpClient to, CancellationToken cancellationToken)
        {
            var buffer = new byte[BufferSize];
            try
            {
                while (await from.GetStream().ReadAsync(buffer, cancellationToken) is > 0 and var count)
                {
                    if (!IsSilent)
                        await to.GetStream().WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or InvalidOperationException)
            {
                // One side has ended: so does the other.
            }
        }

        public void Close()
        {
            client.Dispose();
            server.Dispose();
        }
    }
}
