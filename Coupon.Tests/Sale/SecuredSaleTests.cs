using System.Net;
using System.Net.Http.Json;
using Coupon.LocalServers;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Consumers.Commands;
using Coupon.Tests.Http;
using Coupon.Tests.Rights;
using Coupon.Tests.Servers;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Tests.Sale;

/// <summary>
/// Servers that want TLS and an account with the documented rights: every program reaches them by the same settings. Kafka wants it too where it is
/// installed; the mock in its place knows neither.
/// </summary>
public sealed class SecuredSaleTests(TestServers servers)
{
    private const string Password = "velvet-rope";

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_coupon_travels_and_the_books_can_be_read()
    {
        using var certificate = new PrivateCertificate();
        var redisPort = FreePort.Next();
        await using var redis = await LocalRedis.StartAsync(RedisOptions(certificate, redisPort), _cancellation);
        await RestrictRedisAsync(redis);
        await using var mySql = await LocalMySql.StartAsync(
            new LocalMySqlOptions { Arguments = [$"--ssl-cert={certificate.CertificateFile}", $"--ssl-key={certificate.KeyFile}"] },
            _cancellation
        );
        var (database, migrating) = await RestrictMySqlAsync(mySql, certificate);
        await using var secured = LocalKafka.IsInstalled ? await SecuredKafka.StartAsync(_cancellation) : null;
        await using var mock = secured is null ? await MockKafka.StartAsync(cancellationToken: _cancellation) : null;
        await using var service = await ServiceSettings.CreateAsync(
            new RestrictedRedis(redis, $"127.0.0.1:{redisPort},ssl=true,user=coupon,password={Password}"),
            secured?.Open ?? mock!,
            database
        );
        (string Name, string Value)[] settings =
        [
            ("Redis__CertificateAuthority", certificate.CertificateFile),
            .. secured is null ? Array.Empty<(string, string)>() : KafkaSettings(secured),
        ];
        var environment = new Dictionary<string, string>(service.Environment);
        foreach (var (name, value) in settings)
            environment[name] = value;

        var migrated = await CommandLineRun.RunAsync(
            new Dictionary<string, string>(environment) { ["ConnectionStrings__MySql"] = migrating },
            "migrate"
        );
        Assert.Equal((0, ""), (migrated.ExitCode, migrated.Words));

        await using var api = await service.StartApiAsync(settings);
        await using var consumer = await service.StartConsumerAsync(settings);
        using var http = TwoDoors.Client(api.Url);
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

    [Theory]
    [InlineData("127.0.0.1:6380", "does not say ssl=true")]
    [InlineData("127.0.0.1:6380,ssl=true", "cannot be read as a certificate")]
    public async Task An_authority_of_Redis_that_cannot_be_used_is_named(string redis, string reason)
    {
        var refused = await CommandLineRun.RunAsync(
            new Dictionary<string, string>
            {
                ["ConnectionStrings__Redis"] = redis,
                ["ConnectionStrings__MySql"] = await servers.CreateDatabaseAsync(),
                ["ConnectionStrings__Kafka"] = "127.0.0.1:1",
                ["Redis__CertificateAuthority"] = "/nowhere/ca.pem",
            },
            "rebuild"
        );

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("Redis:CertificateAuthority", refused.Words, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Words, StringComparison.Ordinal);
    }

    private static LocalRedisOptions RedisOptions(PrivateCertificate certificate, int port) =>
        new()
        {
            Arguments =
            [
                "--tls-port",
                $"{port}",
                "--tls-cert-file",
                certificate.CertificateFile,
                "--tls-key-file",
                certificate.KeyFile,
                "--tls-auth-clients",
                "no",
            ],
        };

    // The port without TLS is for the test alone: it belongs to no setting of the service.
    private static async Task RestrictRedisAsync(LocalRedis redis)
    {
        await using var administration = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");
        await RightsPage.AddRedisUserAsync(administration.GetServers()[0], Password);
    }

    // Two accounts, as docs/rights.md has them; neither is let in without TLS.
    private static async Task<(string Service, string Migrate)> RestrictMySqlAsync(LocalMySql server, PrivateCertificate certificate)
    {
        await using var connection = new MySqlConnection(server.ConnectionString);
        await connection.OpenAsync(_cancellation);
        string[] statements =
        [
            "CREATE DATABASE coupon",
            $"CREATE USER 'coupon_service'@'%' IDENTIFIED BY '{Password}' REQUIRE SSL",
            $"CREATE USER 'coupon_migrate'@'%' IDENTIFIED BY '{Password}' REQUIRE SSL",
            RightsPage.Block("mysql-grants").Replace("'coupon'@", "'coupon_service'@", StringComparison.Ordinal),
            RightsPage.Block("mysql-migrate-grants"),
        ];
        foreach (var statement in statements)
        {
            await using var command = new MySqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(_cancellation);
        }

        var account = new MySqlConnectionStringBuilder(server.ConnectionString)
        {
            Database = "coupon",
            UserID = "coupon_service",
            Password = Password,
            SslMode = MySqlSslMode.VerifyFull,
            SslCa = certificate.CertificateFile,
        };
        var service = account.ConnectionString;
        account.UserID = "coupon_migrate";
        return (service, account.ConnectionString);
    }

    private static (string Name, string Value)[] KafkaSettings(SecuredKafka kafka) =>
        [
            ("ConnectionStrings__Kafka", kafka.BootstrapServers),
            ("Kafka__Client__security_protocol", "sasl_ssl"),
            ("Kafka__Client__sasl_mechanism", "PLAIN"),
            ("Kafka__Client__sasl_username", SecuredKafka.User),
            ("Kafka__Client__sasl_password", SecuredKafka.Password),
            ("Kafka__Client__ssl_ca_pem", kafka.Certificate),
            ("Kafka__Client__broker_address_family", "v4"),
        ];
}
