using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Coupon.Consumers;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.Consumers;

/// <summary>The consumer as it runs, in this process: its bus, its ledger, its health and its console, on topics and a database of its own.</summary>
internal sealed class ConsumerFixture : IAsyncDisposable
{
    /// <summary>The key to the operators' door.</summary>
    public static readonly string OperatorKey = ServiceProcess.OperatorKey;

    private static readonly DateTimeOffset _noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;
    private readonly IProducer<long, byte[]> _producer;

    private readonly bool _ownsSettings;

    private ConsumerFixture(ServiceSettings settings, bool ownsSettings, WebApplication app, string url, string operatorsUrl)
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

    /// <summary>A client of the operators' door, which holds each answer against the document.</summary>
    /// <param name="key">Null: none.</param>
    public HttpClient OperatorsClient(string? key = "")
    {
        var client = DocumentedClient.Of(new Uri(OperatorsUrl));
        if (key is not null)
            client.DefaultRequestHeaders.Add("X-Operator-Key", key.Length > 0 ? key : OperatorKey);
        return client;
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ConsumerFixture> StartAsync(TestServers servers, params (string Key, string Value)[] settings) =>
        await StartAsync(await ServiceSettings.CreateAsync(servers), owns: true, settings);

    /// <param name="services">Its servers, topics and database.</param>
    /// <param name="owns">Whether these are disposed with it.</param>
    /// <param name="settings">Settings that differ from the defaults.</param>
    public static async Task<ConsumerFixture> StartAsync(ServiceSettings services, bool owns, params (string Key, string Value)[] settings)
    {
        var fixture = await StartUnreadAsync(services, owns, settings);
        // Tests stop MySQL; that must not happen before the switch has been read.
        await Eventually.IsTrueAsync(
            () => Task.FromResult(fixture.Get<ConsumptionState>().Obstacles.All(obstacle => obstacle.Kind != ObstacleKind.SwitchUnread)),
            "the switch to be read"
        );
        return fixture;
    }

    /// <summary>
    /// As <see cref="StartAsync(ServiceSettings, bool, ValueTuple{string, string}[])"/>, but does not wait until the switch has been read.
    /// </summary>
    public static async Task<ConsumerFixture> StartUnreadAsync(ServiceSettings services, bool owns, params (string Key, string Value)[] settings)
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
        TwoDoors.Know(new Uri(url), new Uri(operatorsUrl));
        return new ConsumerFixture(services, owns, app, url, operatorsUrl);
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

    public Task RowsAsync(long coupon, int count) =>
        Eventually.IsTrueAsync(async () => (await OrdinalsAsync(coupon)).Length == count, $"{count} rows");

    public async Task<IReadOnlyList<DeadLetterSummary>> DeadLettersAsync(int count, DeadLetterState state = DeadLetterState.Open)
    {
        await Eventually.IsTrueAsync(
            async () => (await LedgerAsync()).Count(letter => letter.State == state) == count,
            $"{count} dead letters that are {state}"
        );
        return await LedgerAsync();
    }

    public List<ConsumeResult<byte[]?, byte[]?>> DeadLetterTopic() => TopicReader.ReadAll(Settings.Kafka.ConnectionString, Settings.DeadLettersTopic);

    public async Task<(int Code, string Body)> HealthAsync()
    {
        using var http = TwoDoors.Client();
        using var answer = await http.GetAsync(new Uri($"{Url}/health/ready"), Stop);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    /// <summary>Until a batch waits at the paused gate: it has been read, and is not being written.</summary>
    public Task BatchWaitsAsync() => Eventually.IsTrueAsync(() => Task.FromResult(Get<ConsumptionGate>().Waiting > 0), "a batch to wait at the gate");

    public async Task HealthSaysAsync(string text)
    {
        var last = "";
        await Eventually.IsTrueAsync(
            async () => (last = (await HealthAsync()).Body).Contains(text, StringComparison.Ordinal),
            () => $"health says {text}, and not {last}"
        );
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
