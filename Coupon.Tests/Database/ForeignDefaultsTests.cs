using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Coupon.Database;
using Coupon.LocalServers;
using Coupon.Tests.Consumers.Commands;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;
using Dapper;
using MySqlConnector;

namespace Coupon.Tests.Database;

/// <summary>A server whose defaults are other than usual, each of which somebody has in production: what goes in comes out all the same.</summary>
public sealed class ForeignDefaultsTests(TestServers servers) : IAsyncLifetime
{
    private const string Title = @"Back\slash, 'quote', ""double"", \' and \0 日本";

    // All that only a statement sets, not the command line of both MySQL and MariaDB.
    private const string MoreDefaults = """
        SET GLOBAL unique_checks = 0, GLOBAL foreign_key_checks = 0, GLOBAL sql_auto_is_null = 1, GLOBAL sql_safe_updates = 1
        """;

    private static readonly (string Variable, string Value)[] _relyOn =
    [
        ("autocommit", "ON"),
        ("time_zone", "+00:00"),
        ("default_storage_engine", "InnoDB"),
        ("completion_type", "NO_CHAIN"),
        ("unique_checks", "ON"),
        ("foreign_key_checks", "ON"),
        ("sql_auto_is_null", "OFF"),
        ("sql_safe_updates", "OFF"),
        ("sql_select_limit", "18446744073709551615"),
    ];

    private static readonly string[] _modes =
    [
        "ERROR_FOR_DIVISION_BY_ZERO",
        "NO_ENGINE_SUBSTITUTION",
        "NO_ZERO_DATE",
        "NO_ZERO_IN_DATE",
        "ONLY_FULL_GROUP_BY",
        "STRICT_TRANS_TABLES",
    ];

    private LocalMySql _mySql = null!;

    public async ValueTask InitializeAsync()
    {
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
                    "--transaction-isolation=SERIALIZABLE",
                ],
            },
            TestContext.Current.CancellationToken
        );
        await using var plain = new MySqlConnection(_mySql.ConnectionString);
        await plain.ExecuteAsync(MoreDefaults);
    }

    public ValueTask DisposeAsync() => _mySql.DisposeAsync();

    [Fact]
    public async Task A_sale_is_written_and_titles_and_dead_letters_keep_every_byte()
    {
        var database = await MigrateAsync();
        await using var service = await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), await servers.KafkaAsync(), database);
        await using var api = await service.StartApiAsync();
        await using var consumer = await service.StartConsumerAsync();
        using var http = TwoDoors.Client(api.Url);

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
    public async Task Each_session_is_set_to_what_the_service_relies_on()
    {
        await using (var plain = new MySqlConnection(_mySql.ConnectionString))
            await plain.ExecuteAsync("SET GLOBAL sql_select_limit = 2");
        await using var database = CouponConnections.CreateDataSource(
            new MySqlConnectionStringBuilder(_mySql.ConnectionString) { MaximumPoolSize = 1 }.ConnectionString
        );

        // New, and then from the pool, which has reset it to the defaults of the server.
        var sessions = new HashSet<int>();
        for (var use = 0; use < 3; use++)
        {
            await using var session = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            sessions.Add(session.ServerThread);
            var set = (await session.QueryAsync<(string Variable, string Value)>("SHOW SESSION VARIABLES")).ToDictionary(
                setting => setting.Variable,
                setting => setting.Value
            );
            Assert.All(_relyOn, setting => Assert.Equal(setting.Value, set[setting.Variable]));
            Assert.Equal(_modes, set["sql_mode"].Split(',').Order(StringComparer.Ordinal));

            // Named differently in MySQL and in MariaDB 10.
            Assert.Equal("READ-COMMITTED", set.GetValueOrDefault("transaction_isolation") ?? set["tx_isolation"]);
        }

        Assert.Single(sessions);
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
