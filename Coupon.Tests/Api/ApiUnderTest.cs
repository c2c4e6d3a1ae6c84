using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Coupon.Api.Issuing;
using Coupon.LocalStack;
using Coupon.Tests.Servers;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Coupon.Tests.Api;

/// <summary>The API on Kestrel, on real servers of its own. Settings may be added before the first request.</summary>
public sealed class ApiUnderTest(TestServers servers) : IAsyncLifetime
{
    private WebApplicationFactory<IssueScript>? _factory;

    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Instead of the Kafka that all tests share.</summary>
    public IKafkaServer? Kafka { get; init; }

    /// <summary>Instead of a Redis that only this instance knows.</summary>
    public LocalRedis? OwnRedis { get; init; }

    /// <summary>Instead of the machine's: Redis has a clock of its own.</summary>
    public TimeProvider? Clock { get; init; }

    public ServiceSettings Service { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public IServiceProvider Services => _factory!.Services;

    public IDatabase Redis => Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

    public async ValueTask InitializeAsync()
    {
        Service = await ServiceSettings.CreateAsync(
            OwnRedis ?? await LocalRedis.StartAsync(),
            Kafka ?? await servers.KafkaAsync(),
            await servers.CreateDatabaseAsync()
        );
        await StartAsync();
    }

    /// <summary>Starts it, or another instance in its place.</summary>
    public async Task StartAsync()
    {
        _factory = new WebApplicationFactory<IssueScript>().WithWebHostBuilder(host =>
        {
            host.UseSetting("environment", "Production").UseSetting("urls", "http://127.0.0.1:0").UseSetting("Logging:LogLevel:Default", "Warning");
            foreach (var (name, value) in Service.Values)
                host.UseSetting(name, value);
            foreach (var (name, value) in Settings)
                host.UseSetting(name, value);
            if (Clock is not null)
                host.ConfigureTestServices(services => services.AddSingleton(Clock));
        });
        _factory.UseKestrel();
        _factory.StartServer();
        Http = _factory.CreateClient();
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
