using System.Net.Sockets;
using Coupon.LocalServers;

namespace Coupon.Tests.Servers;

/// <summary>
/// A load balancer in front of two instances: nginx, which reads HTTP, with the settings of infra/deployment, or HAProxy, which passes on bytes.
/// </summary>
internal sealed class LocalBalancer : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly string _folder;

    private LocalBalancer(Uri url, ChildProcess process, string folder) => (Url, _process, _folder) = (url, process, folder);

    public Uri Url { get; }

    public static Task<LocalBalancer> StartNginxAsync(Uri one, Uri other) =>
        StartAsync("nginx", port => Nginx(port, one, other), (file, folder) => ["-p", folder, "-c", file]);

    public static Task<LocalBalancer> StartHaProxyAsync(Uri one, Uri other) =>
        StartAsync("haproxy", port => HaProxy(port, one, other), (file, _) => ["-db", "-f", file]);

    public async ValueTask DisposeAsync()
    {
        await _process.KillAsync();
        _process.Dispose();
        TemporaryFolder.Delete(_folder);
    }

    private static async Task<LocalBalancer> StartAsync(string name, Func<int, string> configuration, Func<string, string, string[]> arguments)
    {
        var program = ProgramFile.Find(name);
        Assert.SkipWhen(program is null, $"{name} is not installed.");
        var (folder, port) = (TemporaryFolder.Create(name), FreePort.Next());
        var file = Path.Combine(folder, $"{name}.conf");
        await File.WriteAllTextAsync(file, configuration(port));
        var process = await ChildProcess.StartAsync(new ChildCommand(program, arguments(file, folder)), Path.Combine(folder, "log"));
        var balancer = new LocalBalancer(new Uri($"http://127.0.0.1:{port}"), process, folder);
        try
        {
            await Eventually.IsTrueAsync(() => balancer.AcceptsAsync(), () => process.LastOutput());
            return balancer;
        }
        catch
        {
            await balancer.DisposeAsync();
            throw;
        }
    }

    private static string Nginx(int port, Uri one, Uri other) =>
        $$"""
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr;
            events {}
            http {
              access_log off;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              upstream api {
                server {{one.Authority}} max_fails=0;
                server {{other.Authority}} max_fails=0;
                keepalive 32;
              }
              server {
                listen 127.0.0.1:{{port}};
                location / {
                  proxy_pass http://api;
                  include {{Path.Combine(Snapshot.SourceFolder, "infra", "deployment", "nginx", "proxy.conf")}};
                }
              }
            }
            """;

    private static string HaProxy(int port, Uri one, Uri other) =>
        $"""
            defaults
              mode tcp
              timeout connect 2s
              timeout client 1m
              timeout server 1m
              timeout check 3s
              option redispatch 1
            frontend clients
              bind 127.0.0.1:{port}
              default_backend api
            backend api
              option httpchk GET /health/ready
              default-server check inter 300ms fall 2 rise 1
              server one {one.Authority}
              server other {other.Authority}

            """;

    private async Task<bool> AcceptsAsync()
    {
        Assert.False(_process.HasExited, _process.LastOutput());
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(Url.Host, Url.Port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
