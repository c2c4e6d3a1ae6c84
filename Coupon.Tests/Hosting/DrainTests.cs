using System.Collections.Concurrent;
using System.Net.Sockets;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Hosting;

/// <summary>SIGTERM while clients are connected: each of them is told, with an answer, before the ports close.</summary>
public sealed class DrainTests(TestServers servers)
{
    private const int Clients = 60;

    [Theory]
    [InlineData("Coupon.Api")]
    [InlineData("Coupon.Consumers")]
    public async Task A_program_that_was_asked_to_stop_is_not_ready_and_answers_until_its_ports_close(string project)
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var process = await LeavingProcess.StartAsync(service, project, ("Stop__Drain", "00:05:00"));
        using var connected = await RawConnection.OpenAsync(process.Url);
        var before = await connected.ExchangeAsync(process.Url, "GET /health/live");
        Assert.Equal((200, null), (before.Status, before.Header("Connection")));

        process.AskToLeave();

        await Eventually.IsTrueAsync(async () => (await RawConnection.AskAsync(process.Url, "GET /health/ready")).Status == 503, "not ready");
        var last = await connected.ExchangeAsync(process.Url, "GET /health/live");
        Assert.Equal((200, "close"), (last.Status, last.Header("Connection")));
        await Assert.ThrowsAsync<IOException>(() => connected.ExchangeAsync(process.Url, "GET /health/live"));

        // A refusal ends its connection too.
        var unknown = await RawConnection.AskAsync(process.Url, "GET /nowhere");
        Assert.Equal((404, "close"), (unknown.Status, unknown.Header("Connection")));
    }

    [Fact]
    public async Task Nobody_who_keeps_a_connection_and_presses_is_cut_off_without_an_answer()
    {
        await using var service = await ServiceSettings.CreateAsync(servers);
        await using var api = await LeavingProcess.StartAsync(service, "Coupon.Api", StopBounds.Drain);
        await using var consumer = await service.StartConsumerAsync();
        var coupon = await CouponClient.CreateAsync(api.Url, 100_000);
        var promised = new ConcurrentDictionary<long, long>();
        var clients = Enumerable.Range(0, Clients).Select(number => Task.Run(() => PressUntilToldAsync(api.Url, coupon, number, promised))).ToList();
        await Eventually.IsTrueAsync(() => promised.Count > 10 * Clients);

        Assert.Equal(0, await api.LeaveAsync());

        await Task.WhenAll(clients);
        await Assert.ThrowsAsync<SocketException>(() => RawConnection.OpenAsync(api.Url));
        await Promises.AssertEachIsARowAsync(service, coupon, promised, TimeSpan.FromSeconds(60));
    }

    /// <summary>Presses for one user after another on one connection, until an answer says that it is the last one.</summary>
    /// <exception cref="IOException">The connection ended with a press under way.</exception>
    private static async Task PressUntilToldAsync(Uri api, long coupon, int number, ConcurrentDictionary<long, long> promised)
    {
        using var connection = await RawConnection.OpenAsync(api);
        for (long user = number + 1; ; user += Clients)
        {
            var answer = await connection.ExchangeAsync(
                api,
                $"POST /coupons/{coupon}/issuances",
                ["Content-Type: application/json"],
                $$"""{"userId":{{user}}}"""
            );
            Assert.Equal(202, answer.Status);
            promised[user] = answer.Json.GetProperty("ordinal").GetInt64();
            if (answer.Header("Connection") == "close")
                return;
        }
    }
}
