using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Coupon.Api.Issuing.Deciding;
using Coupon.Database;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Hosting;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Tests.Api;

/// <summary>The API on Kestrel, on real servers of its own. Settings may be added before the first request.</summary>
public sealed class ApiUnderTest(TestServers servers) : IAsyncLifetime
{
    private WebApplicationFactory<IssueScript>? _factory;

    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>A Kafka of its own; null: the one that all tests share.</summary>
    public IKafkaServer? Kafka { get; init; }

    /// <summary>The Redis of the instance; null: a new one.</summary>
    public LocalRedis? OwnRedis { get; init; }

    /// <summary>A Redis Cluster instead.</summary>
    public LocalRedisCluster? OwnCluster { get; init; }

    /// <summary>The client of Redis; null: as the settings say.</summary>
    public IConnectionMultiplexer? RedisConnection { get; init; }

    /// <summary>The clock of the instance; null: the machine's. Redis keeps the clock of the machine.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Takes what it logs, from Warning on.</summary>
    internal Lines? Log { get; init; }

    public ServiceSettings Service { get; private set; } = null!;

    /// <summary>A client of both doors, addressed at the public one.</summary>
    public HttpClient Http { get; private set; } = null!;

    public Uri OperatorsDoor { get; private set; } = null!;

    /// <summary>A client of the operators' door alone, with a key; null: without one.</summary>
    public HttpClient OperatorsClient(string? key = "")
    {
        var client = DocumentedClient.Of(OperatorsDoor);
        if (key is not null)
            client.DefaultRequestHeaders.Add("X-Operator-Key", key.Length > 0 ? key : ServiceProcess.OperatorKey);
        return client;
    }

    public IServiceProvider Services => _factory!.Services;

    /// <summary>The database of this instance, as connections to it are told apart from those of other tests.</summary>
    public async Task<string?> DatabaseNameAsync()
    {
        await using var connection = await Services.GetRequiredService<MySqlDataSource>().OpenConnectionAsync();
        return connection.Database;
    }

    public IDatabase Redis => Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

    public async ValueTask InitializeAsync()
    {
        Service = await ServiceSettings.CreateAsync(
            OwnCluster ?? (IRunningServer?)OwnRedis ?? await LocalRedis.StartAsync(),
            Kafka ?? await servers.KafkaAsync(),
            await servers.CreateDatabaseAsync()
        );
        await StartAsync();
    }

    /// <summary>Starts it, or another instance in its place.</summary>
    public async Task StartAsync()
    {
        var operators = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        _factory = new WebApplicationFactory<IssueScript>().WithWebHostBuilder(host =>
        {
            host.UseSetting("environment", "Production").UseSetting("urls", "http://127.0.0.1:0").UseSetting("Logging:LogLevel:Default", "Warning");
            host.UseSetting("Operators:Url", operators.ToString()).UseSetting("Operators:Key", ServiceProcess.OperatorKey);
            foreach (var (name, value) in Service.Values)
                host.UseSetting(name, value);
            foreach (var (name, value) in Settings)
                host.UseSetting(name, value);
            if (Clock is not null)
                host.ConfigureTestServices(services => services.AddSingleton(Clock));
            if (RedisConnection is not null)
                host.ConfigureTestServices(services => services.AddSingleton(RedisConnection));
            if (Log is not null)
                host.ConfigureTestServices(services => services.AddSingleton<ILoggerProvider>(Log));
        });
        _factory.UseKestrel();
        _factory.StartServer();
        var addresses = Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var address = addresses.Select(own => new Uri(own)).Single(own => own.Port != operators.Port);
        TwoDoors.Know(address, operators);
        OperatorsDoor = operators;
        Http = DocumentedClient.Of(address);
        await Eventually.IsTrueAsync(
            async () => (await Http.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode,
            "the API is ready"
        );
    }

    /// <summary>Stops it in order, as SIGTERM does; its servers stay.</summary>
    public async Task StopAsync()
    {
        await _factory!.DisposeAsync();
        _factory = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_factory is not null)
            await StopAsync();
        if (Service is not null)
            await Service.DisposeAsync();
    }

    /// <summary>Creates a coupon and returns its id.</summary>
    public async Task<long> CreateCouponAsync(long totalQuantity, DateTimeOffset? opensAt = null, DateTimeOffset? closesAt = null)
    {
        using var answer = await Http.PostAsJsonAsync(
            "/coupons",
            new
            {
                title = "A coupon",
                totalQuantity,
                opensAt,
                closesAt,
            }
        );
        Assert.Equal(201, (int)answer.StatusCode);
        return (await JsonAsync(answer)).GetProperty("id").GetInt64();
    }

    /// <summary>Presses the button.</summary>
    public Task<Answer> IssueAsync(long couponId, long userId, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, $"/coupons/{couponId}/issuances", $$"""{"userId":{{userId}}}""", idempotencyKey);

    /// <summary>Writes the row of an issuance, as the consumer does.</summary>
    public async Task PersistAsync(long couponId, long ordinal, long userId)
    {
        await using var database = TestDatabase.Open(Service.MySql);
        database.IssuedCoupons.Add(
            new IssuedCouponRow
            {
                CouponId = couponId,
                Ordinal = ordinal,
                UserId = userId,
                IssuedAt = TimeProvider.System.GetUtcNow().UtcDateTime,
            }
        );
        (await database.Coupons.FindAsync(couponId))!.IssuedQuantity++;
        await database.SaveChangesAsync();
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, string? json = null) => SendAsync(HttpMethod.Post, path, json);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    private async Task<Answer> SendAsync(HttpMethod method, string path, string? json = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        using var response = await Http.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone();
}
