using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Coupon.Consumers;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.LocalStack;
using Coupon.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.Consumers;

/// <summary>The consumer as it runs, in this process: its bus, its ledger, its health and its console, on topics and a database of its own.</summary>
internal sealed class ConsumerBench : IAsyncDisposable
{
    public const string OperatorKey = "a key that only the test knows";

    private static readonly DateTimeOffset _noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;
    private readonly IProducer<long, byte[]> _producer;

    private readonly bool _ownsSettings;

    private ConsumerBench(ServiceSettings settings, bool ownsSettings, WebApplication app, string url, string operatorsUrl)
    {
        (Settings, _ownsSettings, _app, Url, OperatorsUrl) = (settings, ownsSettings, app, url, operatorsUrl);
        _producer = new ProducerBuilder<long, byte[]>(
            new ProducerConfig
            {
                BootstrapServers = settings.Kafka.ConnectionString,
                LingerMs = 5,
                MessageMaxBytes = 4_000_000,
            }
        ).Build();
    }

    public ServiceSettings Settings { get; }

    public string Url { get; }

    public string OperatorsUrl { get; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ConsumerBench> StartAsync(TestServers servers, params (string Key, string Value)[] settings) =>
        await StartAsync(await ServiceSettings.CreateAsync(servers), owns: true, settings);

    /// <param name="services">Where it lives.</param>
    /// <param name="owns">Whether these end with it.</param>
    /// <param name="settings">Other than the defaults.</param>
    public static async Task<ConsumerBench> StartAsync(ServiceSettings services, bool owns, params (string Key, string Value)[] settings)
    {
        var bench = await StartUnreadAsync(services, owns, settings);
        // What a test does to MySQL is meant for a consumer that consumes.
        await UntilAsync(
            () => Task.FromResult(bench.Get<ConsumptionState>().Obstacles.All(obstacle => obstacle.Trouble != Trouble.SwitchUnread)),
            "the switch to be read"
        );
        return bench;
    }

    /// <summary>
    /// As <see cref="StartAsync(ServiceSettings, bool, ValueTuple{string, string}[])"/>, but does not wait until it knows whether consumption is
    /// wanted.
    /// </summary>
    public static async Task<ConsumerBench> StartUnreadAsync(ServiceSettings services, bool owns, params (string Key, string Value)[] settings)
    {
        var (url, operatorsUrl) = ($"http://127.0.0.1:{FreePort.Next()}", $"http://127.0.0.1:{FreePort.Next()}");
        var values = new Dictionary<string, string?>(services.Values)
        {
            ["Operators:Url"] = operatorsUrl,
            ["Operators:Key"] = OperatorKey,
            ["Retry:BaseDelay"] = "00:00:00.050",
            ["Retry:MaxDelay"] = "00:00:01",
        };
        foreach (var (key, value) in settings)
            values[key] = value;
        var app = ConsumerHost.Create(["--urls", url], builder =>
        {
            builder.Configuration.AddInMemoryCollection(values);
            builder.Logging.ClearProviders();
        });
        await app.StartAsync(Stop);
        return new ConsumerBench(services, owns, app, url, operatorsUrl);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public CouponDbContext Open() => Get<IDbContextFactory<CouponDbContext>>().CreateDbContext();

    public async Task<long> AddCouponAsync(long total, string title = "A coupon")
    {
        await using var context = Open();
        var coupon = new CouponRow
        {
            Id = NewCouponId.Next(),
            Title = title,
            TotalQuantity = total,
            CreatedAt = _noon.UtcDateTime,
        };
        context.Coupons.Add(coupon);
        await context.SaveChangesAsync(Stop);
        return coupon.Id;
    }

    public static byte[] Message(long coupon, long ordinal, long user) =>
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"couponId":{{coupon}},"ordinal":{{ordinal}},"userId":{{user}},"issuedAt":"2026-05-01T12:00:00+00:00"}"""
            )
        );

    /// <summary>Sends values as they are, the key being their number, and waits for the acknowledgement.</summary>
    public Task SendAsync(IEnumerable<byte[]> values, Headers? headers = null) =>
        Task.WhenAll(
            values.Select(
                (value, index) =>
                    _producer.ProduceAsync(
                        Settings.CouponIssuedTopic,
                        new Message<long, byte[]>
                        {
                            Key = index,
                            Value = value,
                            Headers = headers,
                        },
                        Stop
                    )
            )
        );

    /// <summary>Ordinals from <paramref name="first"/> on, each for the user ordinal + 1,000.</summary>
    public Task SendAsync(long coupon, int count, long first = 1) =>
        SendAsync(Enumerable.Range(0, count).Select(index => Message(coupon, first + index, first + index + 1000)));

    public async Task<long[]> OrdinalsAsync(long coupon)
    {
        await using var context = Open();
        return await context
            .IssuedCoupons.Where(row => row.CouponId == coupon)
            .OrderBy(row => row.Ordinal)
            .Select(row => row.Ordinal)
            .ToArrayAsync(Stop);
    }

    public Task<IReadOnlyList<DeadLetterSummary>> LedgerAsync() => Get<DeadLetterQueries>().ListAsync(new DeadLetterFilter(), 0, 10_000, Stop);

    public Task RowsAsync(long coupon, int count) => UntilAsync(async () => (await OrdinalsAsync(coupon)).Length == count, $"{count} rows");

    public async Task<IReadOnlyList<DeadLetterSummary>> DeadLettersAsync(int count, DeadLetterState state = DeadLetterState.Open)
    {
        await UntilAsync(async () => (await LedgerAsync()).Count(letter => letter.State == state) == count, $"{count} dead letters that are {state}");
        return await LedgerAsync();
    }

    public List<ConsumeResult<byte[]?, byte[]?>> DeadLetterTopic() => TopicReader.ReadAll(Settings.Kafka.ConnectionString, Settings.DeadLettersTopic);

    public async Task<(int Code, string Body)> HealthAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"{Url}/health/ready"), Stop);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    public Task HealthSaysAsync(string text) =>
        UntilAsync(async () => (await HealthAsync()).Body.Contains(text, StringComparison.Ordinal), $"health says {text}");

    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > (patience ?? _patience))
                Assert.Fail($"Waited in vain for: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, Stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _producer.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        if (_ownsSettings)
            await Settings.DisposeAsync();
    }
}
