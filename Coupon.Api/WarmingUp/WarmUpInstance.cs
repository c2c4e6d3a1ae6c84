using System.Net;
using Confluent.Kafka;
using Coupon.Api.Coupons;
using Coupon.Api.Http;
using Coupon.Api.Issuing;
using Coupon.Api.Issuing.Deciding;
using Coupon.Api.Issuing.Remembering;
using Coupon.Api.Issuing.Sending;
using Coupon.Api.Limits;
using Coupon.Api.Users;
using Coupon.Hosting.Http;
using Coupon.Hosting.Outages;
using Coupon.Hosting.Telemetry;
using Coupon.Stock;
using Coupon.Stock.MySql;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Api.WarmingUp;

/// <summary>
/// The path of a press once more in this process, for the warm-up alone: a web server on a loopback port, the rooms Deciding, Sending and
/// Remembering, and a producer on a broker inside the Kafka client (librdkafka's mock cluster,
/// https://github.com/confluentinc/librdkafka/blob/master/src/rdkafka_mock.h). The same code compiles, while the service counts nothing, remembers
/// nothing and sends nothing of it. It shares the connection to Redis and the fence. It has no relay, which would send the entries of real coupons
/// to that broker.
/// </summary>
internal sealed class WarmUpInstance : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WarmUpInstance(WebApplication app) => _app = app;

    /// <summary>Where the button is.</summary>
    public Uri Address => new(_app.Urls.Single());

    public IConnectionMultiplexer Redis => _app.Services.GetRequiredService<IConnectionMultiplexer>();

    /// <summary>Starts one.</summary>
    /// <param name="services">The services of the real instance.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<WarmUpInstance> StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.AddHttp();
        builder
            .Services.AddRoutingCore()
            .AddSingleton(services.GetRequiredService<TimeProvider>())
            .AddSingleton(new UserOptions())
            .AddSingleton<UserTokens>()
            .AddSingleton(new TrustedProxies(new ProxyOptions()))
            .AddSingleton<UserIdentity>()
            .AddSingleton(new PressLimits(new LimitOptions { PressesOfUser = 0 }))
            .AddSingleton(services.GetRequiredService<IssuingOptions>())
            .AddSingleton(services.GetRequiredService<IConnectionMultiplexer>())
            .AddSingleton(services.GetRequiredService<MySqlDataSource>())
            .AddSingleton(services.GetRequiredService<CouponLookUp>())
            .AddSingleton(services.GetRequiredService<DatabaseFence>())
            .AddSingleton(services.GetRequiredService<IStockFence>())
            .AddSingleton(new ServerOutages(services.GetRequiredService<TimeProvider>(), NullLogger.Instance));

        // The mock cluster takes the place of any address.
        var producer = services.GetRequiredService<ProducerOptions>().ToConfig();
        producer.Set("test.mock.num.brokers", "1");
        builder.Services.AddSender("warm-up", producer, new ClientConfig { BootstrapServers = "127.0.0.1:9" }).AddRemembering().AddDeciding();

        var app = builder.Build();
        app.UseUntraced();
        app.UseProblems();
        app.MapPress();
        var instance = new WarmUpInstance(app);
        try
        {
            await app.StartAsync(cancellationToken);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
