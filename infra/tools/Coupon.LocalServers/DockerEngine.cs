using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using DotNet.Testcontainers.Configurations;

namespace Coupon.LocalServers;

/// <summary>
/// A Docker engine that answers and speaks the version of the interface that Testcontainers speaks. A client alone, or a socket without an engine
/// behind it, is not enough.
/// </summary>
internal sealed class DockerEngine : IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);

    private static readonly Lazy<Task<DockerEngine?>> _usable = new(FindAsync);

    private readonly HttpClient _http;

    private DockerEngine(Uri address)
    {
        var handler = new SocketsHttpHandler();
        if (address.Scheme == "unix")
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(address.AbsolutePath), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        var root = new Uri(address.Scheme == "unix" ? "http://docker/" : $"http://{address.Authority}/");
        _http = new HttpClient(handler) { Timeout = _timeout, BaseAddress = root };
        Endpoint = new DockerEndpointAuthenticationConfiguration(address);
    }

    /// <summary>What Testcontainers is told, so that it talks to this engine and to no other one.</summary>
    public IDockerEndpointAuthenticationConfiguration Endpoint { get; }

    /// <summary>The engine that containers are to be started in; null: programs of this machine have to do.</summary>
    public static Task<DockerEngine?> UsableAsync() => _usable.Value;

    /// <summary>Removes containers that nobody uses any more, with their volumes.</summary>
    public async Task SweepAsync()
    {
        try
        {
            foreach (var container in (await ContainersAsync()).Where(container => ContainerOwner.IsGone(container.Owner)))
            {
                using var _ = await _http.DeleteAsync(new Uri($"containers/{container.Id}?force=1&v=1", UriKind.Relative));
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // The next run sweeps again.
        }
    }

    /// <summary>The containers that processes of this library have started, whether they run or not, and who started each.</summary>
    public async Task<IReadOnlyList<(string Id, string Owner)>> ContainersAsync()
    {
        var filters = JsonSerializer.Serialize(new Dictionary<string, string[]> { ["label"] = [ContainerOwner.Label] });
        var containers = await _http.GetFromJsonAsync<JsonElement>($"containers/json?all=1&filters={Uri.EscapeDataString(filters)}");
        return
        [
            .. containers
                .EnumerateArray()
                .Select(each => (each.GetProperty("Id").GetString()!, each.GetProperty("Labels").GetProperty(ContainerOwner.Label).GetString()!)),
        ];
    }

    public void Dispose() => _http.Dispose();

    private static async Task<DockerEngine?> FindAsync()
    {
        if (DockerContext.Endpoint() is not { } address)
            return null;
        var engine = new DockerEngine(address);
        if (await engine.SpeaksAsync())
        {
            await engine.SweepAsync();
            return engine;
        }

        engine.Dispose();
        return null;
    }

    private async Task<bool> SpeaksAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("_ping", UriKind.Relative));
            if (!answer.IsSuccessStatusCode)
                return false;
            // https://docs.docker.com/reference/api/engine/version/v1.44/#tag/System/operation/SystemPing
            var newest = answer.Headers.TryGetValues("Api-Version", out var values) ? values.First() : "";
            if (Endpoint.Version is not { } needed || (Version.TryParse(newest, out var has) && has >= needed))
                return true;
            await Console.Error.WriteLineAsync(
                $"The Docker engine at {Endpoint.Endpoint} speaks version {newest} of its interface and Testcontainers {needed}: "
                    + $"programs of this machine are started. DOCKER_API_VERSION={newest} makes Testcontainers speak the older one."
            );
            return false;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
