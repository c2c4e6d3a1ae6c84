using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Coupon.Database;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using StackExchange.Redis;

namespace Coupon.Tests.Stock;

/// <summary>Two API processes and a consumer on a MySQL that a test takes away, and what everybody was told, by id.</summary>
internal sealed class SaleOnMySql : IAsyncDisposable
{
    private readonly HttpClient _http = new(new TwoDoors()) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly List<ServiceProcess> _processes;
    private readonly ConnectionMultiplexer _redis;

    private SaleOnMySql(ServiceSettings settings, List<ServiceProcess> processes, ConnectionMultiplexer redis) =>
        (Settings, _processes, _redis) = (settings, processes, redis);

    public ServiceSettings Settings { get; }

    public IDatabase Redis => _redis.GetDatabase();

    /// <summary>Who was told which ordinal of which coupon with a 202.</summary>
    public ConcurrentDictionary<(long Coupon, long Ordinal), long> Told { get; } = new();

    public static async Task<SaleOnMySql> StartAsync(TestServers servers, string mySql)
    {
        var redis = await LocalRedis.StartAsync();
        var settings = await ServiceSettings.CreateAsync(redis, await servers.KafkaAsync(), await TestDatabase.CreateAsync(mySql));
        var reconciling = ("Coupons__ReconcileInterval", "00:00:01");
        var processes = await Task.WhenAll(settings.StartConsumerAsync(), settings.StartApiAsync(reconciling), settings.StartApiAsync(reconciling));
        return new SaleOnMySql(settings, [.. processes], await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true"));
    }

    public CouponDbContext Open() => TestDatabase.Open(Settings.MySql);

    public async Task<long> CreateAsync(string title, long totalQuantity)
    {
        using var answer = await _http.PostAsJsonAsync(Url("/coupons"), new { title, totalQuantity });
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("id").GetInt64();
    }

    /// <summary>Users press at either instance until they are told that it is theirs.</summary>
    public Task SellAsync(long coupon, int firstUser, int users) => Parallel.ForAsync(firstUser, firstUser + users, async (user, _) =>
        {
            await Eventually.IsTrueAsync(
                async () =>
                {
                    using var answer = await _http.PostAsJsonAsync(Url($"/coupons/{coupon}/issuances", user % 2), new { userId = user });
                    if (!answer.IsSuccessStatusCode)
                        return false;
                    Told[(coupon, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ordinal").GetInt64())] = user;
                    return true;
                },
                $"user {user} is told"
            );
        });

    public async Task<int> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, Url(path)) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    /// <summary>Waits until everybody who was told a number has their row.</summary>
    public Task WrittenAsync() =>
        Eventually.IsTrueAsync(
            async () =>
            {
                await using var context = Open();
                var rows = await context.IssuedCoupons.ToDictionaryAsync(row => (row.CouponId, row.Ordinal), row => row.UserId);
                return rows.Count == Told.Count && Told.All(told => rows.GetValueOrDefault(told.Key) == told.Value);
            },
            "everybody who was told a number has their row, and nobody else"
        );

    public async Task<JsonElement> BalanceAsync(long coupon) => await _http.GetFromJsonAsync<JsonElement>(Url($"/coupons/{coupon}/balance"));

    /// <summary>What the processes have logged.</summary>
    public string Log() =>
        string.Concat(
            _processes.Select(process =>
            {
                using var file = new StreamReader(new FileStream(process.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
                return file.ReadToEnd();
            })
        );

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));
        await _redis.DisposeAsync();
        await Settings.DisposeAsync();
        _http.Dispose();
    }

    private Uri Url(string path, int instance = 0) => new(_processes[1 + instance].Url, path);
}
