using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Stock;

/// <summary>A sale on two real API processes with a Redis of its own, and the books that are audited by id when it is over.</summary>
internal sealed class FaultySale : IAsyncDisposable
{
    private static readonly string[] _documented = ["already-issued", "sold-out", "outbox-full", "stock-unavailable", "stock-unverified"];

    private readonly HttpClient _http = new(new TwoDoors()) { Timeout = TimeSpan.FromSeconds(30) };

    private FaultySale(ServiceSettings settings, LocalRedis redis, List<ServiceProcess> instances, ServiceProcess consumer)
    {
        (Settings, Redis, Instances, Consumer) = (settings, redis, instances, consumer);
    }

    public ServiceSettings Settings { get; }

    public LocalRedis Redis { get; }

    public List<ServiceProcess> Instances { get; }

    public ServiceProcess Consumer { get; private set; }

    public long CouponId { get; private set; }

    public long Stock { get; private set; }

    public static async Task<FaultySale> StartAsync(TestServers servers, long stock, params (string Name, string Value)[] more) =>
        await StartAsync(servers, await LocalRedis.StartAsync(), stock, more);

    public static async Task<FaultySale> StartAsync(TestServers servers, LocalRedis redis, long stock, params (string Name, string Value)[] more)
    {
        var settings = await ServiceSettings.CreateAsync(redis, await servers.KafkaAsync(), await servers.CreateDatabaseAsync());
        return await StartAsync(
            settings,
            redis,
            stock,
            more,
            instances:
            [
                [],
                [],
            ]
        );
    }

    /// <summary>With settings of its own for each API instance, such as the links by which it reaches its servers.</summary>
    public static async Task<FaultySale> StartAsync(
        ServiceSettings settings,
        LocalRedis redis,
        long stock,
        (string Name, string Value)[] more,
        (string Name, string Value)[][] instances
    )
    {
        Task<ServiceProcess>[] processes = [settings.StartConsumerAsync(more), .. instances.Select(own => settings.StartApiAsync([.. more, .. own]))];
        try
        {
            var started = await Task.WhenAll(processes);
            var sale = new FaultySale(settings, redis, [.. started[1..]], started[0]);
            await sale.CreateCouponAsync(stock);
            return sale;
        }
        catch
        {
            foreach (var process in processes.Where(process => process.IsCompletedSuccessfully))
                await (await process).DisposeAsync();
            await settings.DisposeAsync();
            throw;
        }
    }

    /// <summary>Nothing reaches MySQL any more: what is sold is in Kafka only.</summary>
    public Task StopConsumerAsync() => Consumer.DisposeAsync().AsTask();

    public async Task StartConsumerAsync() => Consumer = await Settings.StartConsumerAsync();

    /// <summary>One more instance.</summary>
    public async Task AddAsync(params (string Name, string Value)[] settings) => Instances.Add(await Settings.StartApiAsync(settings));

    public Crowd Open(int askers = 24) => Crowd.Start([.. Instances.Select(instance => instance.Url)], CouponId, askers: askers);

    public async Task<JsonElement> BalanceAsync()
    {
        var (isThere, body) = await TryBalanceAsync();
        Assert.True(isThere, body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    public async Task<HttpResponseMessage> PostAsync(string path) => await _http.PostAsync(new Uri(Instances[^1].Url, path), null);

    /// <summary>Waits until nothing is on its way any more.</summary>
    public async Task DrainAsync(int seconds = 40)
    {
        // A server that was away a moment ago may still make it 503.
        var seen = "";
        await Eventually.IsTrueAsync(
            async () =>
            {
                (var isThere, seen) = await TryBalanceAsync();
                if (!isThere)
                    return false;
                var balance = JsonSerializer.Deserialize<JsonElement>(seen);

                // What an instance hands back that was given up is verified a moment later.
                return !balance.TryGetProperty("unverified", out _)
                    && balance.GetProperty("outbox").GetInt64() + balance.GetProperty("inKafka").GetInt64() == 0;
            },
            () => $"it drains: {seen}",
            TimeSpan.FromSeconds(seconds)
        );
    }

    /// <summary>Every row, by ordinal.</summary>
    public async Task<Dictionary<long, long>> UserByOrdinalAsync()
    {
        await using var context = TestDatabase.Open(Settings.MySql);
        return await context
            .IssuedCoupons.Where(row => row.CouponId == CouponId)
            .ToDictionaryAsync(row => row.Ordinal, row => row.UserId, TestContext.Current.CancellationToken);
    }

    private async Task<(bool IsThere, string Body)> TryBalanceAsync()
    {
        using var answer = await _http.GetAsync(new Uri(Instances[^1].Url, $"/coupons/{CouponId}/balance"));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.ServiceUnavailable, body);
        return (answer.IsSuccessStatusCode, body);
    }

    /// <summary>The promises, by id; nobody was answered but as documented, and no instance died that the test did not kill.</summary>
    public async Task AuditAsync(Crowd crowd, int killed = 0)
    {
        await crowd.StopAsync();
        Assert.Equal(killed, Instances.Count(instance => instance.HasExited));
        Assert.Empty(crowd.Refused.Keys.Except(_documented).Except(killed > 0 ? [Crowd.NoAnswer] : []));
        await DrainAsync();
        var books = await UserByOrdinalAsync();

        // Who asks again while the first answer waits for Kafka is told at once: where an instance died, that word may have gone with it
        // (docs/rebuild.md, "What remains").
        List<ToldSeat> told = [.. crowd.Told.Where(seat => killed == 0 || seat.By == ToldSeat.Word.Accepted)];
        Assert.Empty(ToldSeat.Contradictions(told));
        var lost = told.Where(seat => !books.TryGetValue(seat.Ordinal, out var user) || user != seat.UserId).Distinct().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"{crowd.Accepted} were accepted, {books.Count} rows, {lost.Count} lost");
        Assert.True(lost.Count == 0, $"{lost.Count} of {crowd.Accepted} accepted are lost: {string.Join(", ", lost.Take(10))}");
        Assert.True(books.Count <= Stock, $"{books.Count} of {Stock} sold");
        var balance = await BalanceAsync();
        Assert.True(balance.GetProperty("addsUp").GetBoolean(), balance.ToString());

        // The database's own keys would have turned an ordinal or a user that was given twice into a dead letter.
        Assert.Equal(0, balance.GetProperty("openDeadLetters").GetInt64());
        Assert.Equal(books.Count, balance.GetProperty("persisted").GetInt64());
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Instances.Append(Consumer).Select(process => process.DisposeAsync().AsTask()));
        await Settings.DisposeAsync();
        _http.Dispose();
    }

    private async Task CreateCouponAsync(long stock)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(Instances[0].Url, "/coupons"), new { title = "Faulty sale", totalQuantity = stock });
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        CouponId = JsonSerializer.Deserialize<JsonElement>(body).GetProperty("id").GetInt64();
        Stock = stock;
    }
}
