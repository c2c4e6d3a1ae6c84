using System.Net.Http.Json;
using System.Text.Json;
using Coupon.LocalStack;
using Coupon.Stock.Tail;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Coupon.Tests.Stock;

/// <summary>A sale on two real API processes with a Redis of its own, and the books that are audited by id when it is over.</summary>
internal sealed class FaultySale : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private FaultySale(ServiceSettings settings, LocalRedis redis, List<ApiProcess> instances)
    {
        (Settings, Redis, Instances) = (settings, redis, instances);
    }

    public ServiceSettings Settings { get; }

    public LocalRedis Redis { get; }

    public List<ApiProcess> Instances { get; }

    public long CouponId { get; private set; }

    public long Stock { get; private set; }

    public static async Task<FaultySale> StartAsync(TestServers servers, long stock, int instances = 2, params (string Name, string Value)[] more)
    {
        var redis = await LocalRedis.StartAsync();
        var settings = await ServiceSettings.CreateAsync(redis, await servers.KafkaAsync(), await servers.CreateDatabaseAsync());
        var started = await Task.WhenAll(Enumerable.Range(0, instances).Select(_ => ApiProcess.StartAsync(settings, more)));
        var sale = new FaultySale(settings, redis, [.. started]);
        await sale.CreateCouponAsync(stock);
        return sale;
    }

    public Crowd Open(int askers = 24) => Crowd.Start([.. Instances.Select(instance => instance.Url)], CouponId, askers: askers);

    public async Task<JsonElement> BalanceAsync()
    {
        using var answer = await _http.GetAsync(new Uri(Instances[^1].Url, $"/coupons/{CouponId}/balance"));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    public async Task<HttpResponseMessage> PostAsync(string path) => await _http.PostAsync(new Uri(Instances[^1].Url, path), null);

    /// <summary>Waits until the outbox is empty: everything accepted has reached Kafka.</summary>
    public async Task DrainAsync(int seconds = 40)
    {
        var started = TimeProvider.System.GetTimestamp();
        JsonElement balance;
        while ((balance = await BalanceAsync()).GetProperty("outbox").GetInt64() > 0)
        {
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(seconds)) throw new TimeoutException($"The outbox does not drain: {balance}\n{Instances[^1].Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    /// <summary>Every seat that reached the topic or MySQL, by ordinal; fails where an ordinal or a user has two.</summary>
    public async Task<Dictionary<long, long>> UserByOrdinalAsync()
    {
        var options = new TailOptions { Client = new() { BootstrapServers = Settings.Kafka.ConnectionString } };
        var seats = new HashSet<(long Ordinal, long User)>();
        await new TopicTail(options).ReadAsync(Settings.CouponIssuedTopic, UniqueName.From("auditor"), message =>
        {
            if (IssuanceMessage.TryRead(message.Message.Value, out var seat)) seats.Add((seat.Ordinal, seat.UserId));
        }, TestContext.Current.CancellationToken);
        await using var context = TestDatabase.Open(Settings.MySql);
        foreach (var row in await context.IssuedCoupons.Where(row => row.CouponId == CouponId).ToListAsync()) seats.Add((row.Ordinal, row.UserId));
        Assert.Empty(seats.GroupBy(seat => seat.Ordinal).Where(same => same.Count() > 1).Select(same => $"ordinal {same.Key}: {string.Join(", ", same)}"));
        Assert.Empty(seats.GroupBy(seat => seat.User).Where(same => same.Count() > 1).Select(same => $"user {same.Key}: {string.Join(", ", same)}"));
        return seats.ToDictionary(seat => seat.Ordinal, seat => seat.User);
    }

    /// <summary>The promises, by id.</summary>
    public async Task AuditAsync(Crowd crowd)
    {
        await crowd.StopAsync();
        await DrainAsync();
        Assert.Empty(crowd.Contradictions);
        var books = await UserByOrdinalAsync();
        var lost = crowd.Accepted.Where(told => !books.TryGetValue(told.Value, out var user) || user != told.Key).Select(told => $"{told.Value}: user {told.Key}").ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} of {crowd.Accepted.Count} accepted are lost: {string.Join(", ", lost.Take(10))}");
        Assert.True(books.Count <= Stock, $"{books.Count} of {Stock} sold");
        var balance = await BalanceAsync();
        Assert.True(balance.GetProperty("addsUp").GetBoolean(), balance.ToString());
        Assert.Equal(books.Count, balance.GetProperty("inKafka").GetInt64() + balance.GetProperty("persisted").GetInt64() + balance.GetProperty("openDeadLetters").GetInt64());
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Instances.Select(instance => instance.DisposeAsync().AsTask()));
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
