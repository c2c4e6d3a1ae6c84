using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MySqlConnector;

namespace Coupon.LocalServers;

/// <summary>What a <see cref="TcpProxy"/> does with the bytes that pass.</summary>
public enum ProxyMode
{
    /// <summary>Passes them on.</summary>
    Forward,

    /// <summary>
    /// Keeps and accepts connections and passes nothing on, as a network that lost its route: what was sent arrives when it is over.
    /// </summary>
    Blackhole,

    /// <summary>Passes on what clients send, and holds back what the server answers.</summary>
    HoldAnswers,

    /// <summary>Breaks every connection, also new ones.</summary>
    Reset,
}

/// <summary>One link between a client and a server on the loopback interface, which can be cut.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> _sockets = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private volatile int _server;
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ProxyMode _mode;
    private int _accepted;

    private TcpProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The same as Redis' client takes it.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>How many connections clients have made so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>What happens to the bytes from now on.</summary>
    public ProxyMode Mode
    {
        get => _mode;
        set
        {
            _mode = value;
            Interlocked.Exchange(ref _change, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            if (value == ProxyMode.Reset)
                BreakConnections();
        }
    }

    /// <summary>How much later than sent everything arrives, in each direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How much passes in each direction of each connection; zero: no limit.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>Everything passes again, at once and without a limit.</summary>
    public void Restore() => (Mode, Delay, BytesPerSecond) = (ProxyMode.Forward, TimeSpan.Zero, 0);

    /// <summary>From now on another server stands behind the link: the connections to the one before break.</summary>
    public void LeadTo(int port)
    {
        _server = port;
        BreakConnections();
    }

    /// <summary>Breaks the connections that are open; new ones pass.</summary>
    public void BreakConnections()
    {
        foreach (var socket in _sockets.Keys)
            Break(socket);
    }

    /// <summary>A link to a server that listens on this port.</summary>
    public static TcpProxy To(int port) => new(port);

    /// <summary>A link to the MySQL of a connection string.</summary>
    /// <returns>The link, and the connection string that uses it.</returns>
    public static (TcpProxy Link, string ConnectionString) ToMySql(string connectionString)
    {
        var builder = new MySqlConnectionStringBuilder(connectionString);
        var link = To((int)builder.Port);
        (builder.Server, builder.Port) = ("127.0.0.1", (uint)link.Port);
        return (link, builder.ConnectionString);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();

        // Before the listener stops: a stopped one throws where the next connection is asked for, in place of ending with the token.
        await _accepting;
        _listener.Stop();
        BreakConnections();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                Interlocked.Increment(ref _accepted);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        (_sockets[client], _sockets[server]) = (0, 0);
        try
        {
            if (_mode == ProxyMode.Reset)
                return;
            await server.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
            await Task.WhenAny(PumpAsync(client, server, isAnswer: false), PumpAsync(server, client, isAnswer: true));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Either side has gone.
        }
        finally
        {
            Break(client);
            Break(server);
            client.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isAnswer)
    {
        var bytes = new byte[32 * 1024];
        while (await from.ReceiveAsync(bytes, _end.Token) is var count and > 0)
        {
            for (var change = _change; Holds(isAnswer); change = _change)
                await change.Task.WaitAsync(_end.Token);
            if (Delay > TimeSpan.Zero)
                await Task.Delay(Delay, TimeProvider.System, _end.Token);
            if (BytesPerSecond is > 0 and var rate)
                await Task.Delay(TimeSpan.FromSeconds((double)count / rate), TimeProvider.System, _end.Token);
            for (var sent = 0; sent < count; )
                sent += await to.SendAsync(bytes.AsMemory(sent, count - sent), _end.Token);
        }
    }

    private bool Holds(bool isAnswer) => _mode == ProxyMode.Blackhole || (isAnswer && _mode == ProxyMode.HoldAnswers);

    private void Break(Socket socket)
    {
        _sockets.TryRemove(socket, out _);
        try
        {
            socket.Close(0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has gone already.
        }
    }
}
