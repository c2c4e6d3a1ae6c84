using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Coupon.LocalServers;

namespace Coupon.Tests.LocalServers;

/// <summary>Which engine is asked, and what happens where it is too old for Testcontainers.</summary>
public sealed class DockerEngineTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coupon-docker-");
    private readonly TcpListener _engine = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();

    public DockerEngineTests()
    {
        _engine.Start();
        _ = AnswerAsync();
    }

    private string Address => $"tcp://{_engine.LocalEndpoint}";

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_engine_that_is_too_old_is_passed_over_with_one_sentence()
    {
        var words = await StartRedisAsync(("DOCKER_HOST", Address));

        Assert.Single(words, line => line.Contains(Address, StringComparison.Ordinal) && line.Contains("1.41", StringComparison.Ordinal));
        Assert.Single(words, line => line.StartsWith("redis: ", StringComparison.Ordinal));
        Assert.DoesNotContain(words, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "desktop")]
    [InlineData("desktop", "default")]
    public async Task The_engine_of_the_context_in_use_is_asked(string variable, string current)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("desktop")));
        var context = _folder.CreateSubdirectory(Path.Combine("contexts", "meta", digest));
        var meta = $$$"""{"Name":"desktop","Endpoints":{"docker":{"Host":"{{{Address}}}" } } }""";
        await File.WriteAllTextAsync(Path.Combine(context.FullName, "meta.json"), meta, _cancellation);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "config.json"), $$"""{"currentContext":"{{current}}"}""", _cancellation);

        var words = await StartRedisAsync(("DOCKER_HOST", ""), ("DOCKER_CONTEXT", variable));

        Assert.Single(words, line => line.Contains(Address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_context_that_cannot_be_read_is_no_engine()
    {
        var words = await StartRedisAsync(("DOCKER_HOST", ""), ("DOCKER_CONTEXT", "nowhere"));

        Assert.Single(words, line => line.StartsWith("redis: ", StringComparison.Ordinal) && !line.Contains("container", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _end.Cancel();
        _engine.Dispose();
        _end.Dispose();
        _folder.Delete(recursive: true);
    }

    // Its input ends at once, so it starts a Redis and stops it.
    private async Task<string[]> StartRedisAsync(params (string Name, string Value)[] variables)
    {
        Assert.SkipUnless(LocalRedis.IsInstalled, "Redis is not installed.");
        var environment = variables.ToDictionary(variable => variable.Name, variable => variable.Value);
        environment["DOCKER_CONFIG"] = _folder.FullName;
        environment["DOCKER_API_VERSION"] = "";
        environment["COUPON_REDIS"] = "";
        var log = Path.Combine(_folder.FullName, "log");
        using var child = await ChildProcess.StartAsync(
            new ChildCommand("dotnet", typeof(ChildProcess).Assembly.Location, "start", "redis") { Environment = environment },
            log
        );
        await child.WaitForExitAsync(_cancellation);

        var words = await File.ReadAllLinesAsync(log, _cancellation);
        Assert.True(child.ExitCode == 0, string.Join('\n', words));
        return words;
    }

    // What Debian 12's engine answers to a ping.
    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _engine.AcceptTcpClientAsync(_end.Token);
                var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[4096], _end.Token);
                await stream.WriteAsync(
                    "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK"u8.ToArray(),
                    _end.Token
                );
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}
