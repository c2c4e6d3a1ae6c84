using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Coupon.LocalStack;
using Coupon.Tests.Consumers;
using Coupon.Tests.Servers;
using Dapper;
using MySqlConnector;

namespace Coupon.Tests.Database;

/// <summary>A server whose defaults are other than usual, each of which somebody has in production: what goes in comes out all the same.</summary>
public sealed class ForeignDefaultsTests(TestServers servers) : IAsyncLifetime
{
    private const string Title = @"Back\slash, 'quote', ""double"", \' and \0 日本";

    private LocalMySql _mySql = null!;

    public async ValueTask InitializeAsync() =>
        _mySql = await LocalMySql.StartAsync(
            new LocalMySqlOptions
            {
                Arguments =
                [
                    "--autocommit=0",
                    "--sql-mode=NO_BACKSLASH_ESCAPES,ANSI_QUOTES",
                    "--default-storage-engine=MyISAM",
                    "--default-time-zone=+09:00",
                    "--character-set-server=latin1",
                    "--completion-type=CHAIN",
                ],
            },
            TestContext.Current.CancellationToken
        );

    public ValueTask DisposeAsync() => _mySql.DisposeAsync();

    [Fact]
    public async Task A_sale_is_written_and_titles_and_dead_letters_keep_every_byte()
    {
        var database = await MigrateAsync();
        await using var service = await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), await servers.KafkaAsync(), database);
        await using var api = await service.StartApiAsync();
        await using var consumer = await service.StartConsumerAsync();
        using var http = new HttpClient { BaseAddress = api.Url };

        using var created = await http.PostAsJsonAsync("/coupons", new { title = Title, totalQuantity = 100 });
        var coupon = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        await using var crowd = new Crowd(coupon, api.Url);
        await crowd.AskAsync(TimeSpan.FromSeconds(1), perSecond: 20);
        byte[] poison = [0, 39, 92, 34, 92, 92, 26, 10, 13, 255, 254, 128];
        await SendAsync(service, poison);

        Assert.Empty(crowd.Refused);
        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(60));
        Assert.Equal(Title, (await http.GetFromJsonAsync<JsonElement>($"/coupons/{coupon}")).GetProperty("title").GetString());

        // Read by a plain connection, in hexadecimal: what the server has, not what two wrongs make.
        await using var plain = new MySqlConnection(database);
        Assert.Equal(Convert.ToHexString(Encoding.UTF8.GetBytes(Title)), await plain.ExecuteScalarAsync<string>("SELECT HEX(title) FROM coupons"));
        await Eventually.IsTrueAsync(
            async () =>
                await plain.ExecuteScalarAsync<string>("COMMIT; SELECT MAX(HEX(message_value)) FROM dead_letters") == Convert.ToHexString(poison),
            "the dead letter is there, byte for byte"
        );
        Assert.InRange(await plain.ExecuteScalarAsync<long>("SELECT ABS(TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP())) FROM coupons"), 0, 600);
    }

    [Fact]
    public async Task Every_table_has_transactions_and_holds_every_letter()
    {
        await using var plain = new MySqlConnection(await MigrateAsync());

        var tables = (
            await plain.QueryAsync<(string Name, string Engine, string Collation)>(
                "SELECT table_name, engine, table_collation FROM information_schema.tables WHERE table_schema = DATABASE()"
            )
        ).ToList();

        Assert.Contains(tables, table => table.Name == "coupons");
        Assert.All(tables, table => Assert.Equal("InnoDB", table.Engine));
        Assert.All(tables, table => Assert.StartsWith("utf8mb4_", table.Collation, StringComparison.Ordinal));
    }

    private async Task<string> MigrateAsync()
    {
        var database = new MySqlConnectionStringBuilder(_mySql.ConnectionString) { Database = UniqueName.From("coupon") }.ConnectionString;
        var kafka = await servers.KafkaAsync();
        var (issued, dead) = (await servers.CreateTopicAsync("coupon-issued"), await servers.CreateTopicAsync("dead-letters"));
        var run = await CommandLineRun.RunAsync(
            new Dictionary<string, string>
            {
                ["ConnectionStrings__Kafka"] = kafka.ConnectionString,
                ["ConnectionStrings__MySql"] = database,
                ["Topics__CouponIssued"] = issued,
                ["Topics__DeadLetters"] = dead,
            },
            "migrate"
        );
        Assert.Equal((0, ""), (run.ExitCode, run.Words));
        return database;
    }

    private static async Task SendAsync(ServiceSettings service, byte[] value)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = service.Kafka.ConnectionString }).Build();
        await producer.ProduceAsync(service.CouponIssuedTopic, new Message<Null, byte[]> { Value = value });
    }
}
