using System.Net;
using System.Net.Sockets;

namespace Coupon.Tests.Servers;

/// <summary>An address behind which one server stands, and then another: what a failover looks like to whoever connects.</summary>
internal sealed class SwitchedAddress : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private CancellationTokenSource _connections = new();
    private volatile int _target;

    public SwitchedAddress(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>From now on the other one answers; the connections to the one before are broken.</summary>
    public async Task SwitchToAsync(int target)
    {
        _target = target;
        var broken = Interlocked.Exchange(ref _connections, new CancellationTokenSource());
        await broken.CancelAsync();
        broken.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _connections.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _connections.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_end.Token), _connections.Token);
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
    }

    private async Task ForwardAsync(TcpClient client, CancellationToken broken)
    {
        using var caller = client;
        using var server = new TcpClient { NoDelay = true };
        caller.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, broken);
            await Task.WhenAny(
                caller.GetStream().CopyToAsync(server.GetStream(), broken),
                server.GetStream().CopyToAsync(caller.GetStream(), broken)
            );
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // Broken.
        }
    }
}
