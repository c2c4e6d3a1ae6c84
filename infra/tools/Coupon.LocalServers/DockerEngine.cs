using System.Net.Sockets;

namespace Coupon.LocalServers;

/// <summary>Whether a Docker engine answers. A client alone, or a socket without an engine behind it, is not enough.</summary>
internal static class DockerEngine
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);

    private static readonly Lazy<Task<bool>> _answers = new(PingAsync);

    public static Task<bool> AnswersAsync() => _answers.Value;

    private static async Task<bool> PingAsync()
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } given ? given : "unix:///var/run/docker.sock";
        if (!Uri.TryCreate(host, UriKind.Absolute, out var address))
            return false;
        using var handler = new SocketsHttpHandler();
        if (address.Scheme == "unix")
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(address.AbsolutePath), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        using var http = new HttpClient(handler) { Timeout = _timeout };
        try
        {
            using var answer = await http.GetAsync(new Uri(address.Scheme == "unix" ? "http://docker/_ping" : $"http://{address.Authority}/_ping"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
