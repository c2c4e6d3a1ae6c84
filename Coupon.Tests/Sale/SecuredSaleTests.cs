using System.Net;
using System.Net.Http.Json;
using Coupon.LocalStack;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Consumers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Sale;

/// <summary>A Kafka that wants TLS and a password: every program reaches it by the same settings, under <c>Kafka:Client</c>.</summary>
public sealed class SecuredSaleTests(TestServers servers)
{
    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_coupon_travels_and_the_books_can_be_read()
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "There is no Kafka installation.");
        await using var kafka = await SecuredKafka.StartAsync(_cancellation);
        await using var service = await ServiceSettings.CreateAsync(
            await LocalRedis.StartAsync(cancellationToken: _cancellation),
            kafka.Open,
            await servers.CreateDatabaseAsync()
        );
        (string Name, string Value)[] secured =
        [
            ("ConnectionStrings__Kafka", kafka.BootstrapServers),
            ("Kafka__Client__security_protocol", "sasl_ssl"),
            ("Kafka__Client__sasl_mechanism", "PLAIN"),
            ("Kafka__Client__sasl_username", SecuredKafka.User),
            ("Kafka__Client__sasl_password", SecuredKafka.Password),
            ("Kafka__Client__ssl_ca_pem", kafka.Certificate),
            ("Kafka__Client__broker_address_family", "v4"),
        ];
        var environment = new Dictionary<string, string>(service.Environment);
        foreach (var (name, value) in secured)
            environment[name] = value;

        var migrated = await CommandLineRun.RunAsync(environment, "migrate");
        Assert.Equal((0, ""), (migrated.ExitCode, migrated.Words));

        await using var api = await service.StartApiAsync(secured);
        await using var consumer = await service.StartConsumerAsync(secured);
        using var http = new HttpClient { BaseAddress = api.Url };
        var coupon = await CouponClient.CreateAsync(api.Url, 2);
        Assert.Equal(
            HttpStatusCode.Accepted,
            (await http.PostAsJsonAsync($"/coupons/{coupon}/issuances", new { userId = 7 }, _cancellation)).StatusCode
        );

        await Eventually.IsTrueAsync(
            async () =>
                (await http.GetStringAsync($"/coupons/{coupon}/issuances/7", _cancellation)).Contains(
                    "\"status\":\"issued\"",
                    StringComparison.Ordinal
                ),
            "the row is written"
        );
        var balance = await CommandLineRun.RunAsync(environment, "balance", "--coupon", $"{coupon}");
        Assert.Equal((0, ""), (balance.ExitCode, balance.Words));
    }
}
