using System.Net.Http.Json;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Coupon.LocalServers;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Rights;

/// <summary>On a real broker with an authorizer: what is not allowed is refused.</summary>
public sealed class KafkaRightsTests(TestServers servers)
{
    [Fact]
    public async Task The_service_lives_with_the_documented_rights()
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "Only a real Kafka has an authorizer.");
        var port = FreePort.Next();
        await using var kafka = await StartAsync(port);
        await using var service = await ServiceSettings.CreateAsync(
            await LocalRedis.StartAsync(),
            new Guarded(kafka, port),
            await servers.CreateDatabaseAsync()
        );
        await GrantAsync(kafka, service);
        await using var api = await service.StartApiAsync(As("API"));
        await using var consumer = await service.StartConsumerAsync(As("CONSUMER"));

        var coupon = await CouponClient.CreateAsync(api.Url, 1000);
        await using var crowd = new Crowd(coupon, api.Url);
        await crowd.AskAsync(TimeSpan.FromSeconds(1), perSecond: 50);
        using (var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = kafka.ConnectionString }).Build())
            await producer.ProduceAsync(service.CouponIssuedTopic, new Message<Null, byte[]> { Value = [1, 2, 3] });
        using var http = TwoDoors.Client(api.Url);
        using var rebuilt = await http.PostAsync(new Uri($"/coupons/{coupon}/rebuild", UriKind.Relative), null);

        Assert.Empty(crowd.Refused);
        Assert.Equal(200, (int)rebuilt.StatusCode);
        await Promises.AssertEachIsARowAsync(service, coupon, crowd.Promised, TimeSpan.FromSeconds(60));
        await Eventually.IsTrueAsync(
            () => Task.FromResult(TopicReader.ReadAll(kafka.ConnectionString, service.DeadLettersTopic).Count == 1),
            "the poison is a dead letter"
        );
        var logs = await File.ReadAllTextAsync(api.LogFile) + await File.ReadAllTextAsync(consumer.LogFile);
        Assert.DoesNotContain("authorization failed", logs, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_topic_that_may_not_be_written_any_more_is_waited_for_and_health_says_why()
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "Only a real Kafka has an authorizer.");
        var port = FreePort.Next();
        await using var kafka = await StartAsync(port);
        await using var service = await ServiceSettings.CreateAsync(
            await LocalRedis.StartAsync(),
            new Guarded(kafka, port),
            await servers.CreateDatabaseAsync()
        );
        await GrantAsync(kafka, service);
        (string, string)[] quick =
        [
            ("Issuing__ConfirmTimeout", "00:00:00.3"),
            ("Issuing__RelayGrace", "00:00:01"),
            ("Issuing__RelayLease", "00:00:08"),
        ];
        await using var api = await service.StartApiAsync([.. As("API"), .. quick]);
        var coupon = await CouponClient.CreateAsync(api.Url, 1000);
        using var http = TwoDoors.Client(api.Url);
        var denied = Acl("API", "Topic", service.CouponIssuedTopic, "Write");
        denied.Entry.PermissionType = AclPermissionType.Deny;
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.ConnectionString }).Build();
        await admin.CreateAclsAsync([denied]);

        // The broker refuses from one moment on that nobody is told of.
        var pressed = 0;
        await Eventually.IsTrueAsync(
            async () =>
            {
                using var answer = await http.PostAsJsonAsync($"/coupons/{coupon}/issuances", new { userId = ++pressed });
                Assert.Equal(202, (int)answer.StatusCode);
                return (await http.GetStringAsync("/health/ready")).Contains("Broker: Topic authorization failed", StringComparison.Ordinal);
            },
            "health says so"
        );
        Assert.Contains("Degraded", await http.GetStringAsync("/health/ready"), StringComparison.Ordinal);
        await admin.DeleteAclsAsync([denied.ToFilter()]);

        await Eventually.IsTrueAsync(
            () => Task.FromResult(Users(kafka, service).SetEquals(Enumerable.Range(1, pressed).Select(user => (long)user))),
            "the relay sends all of them"
        );
        await Eventually.IsTrueAsync(
            async () => !(await http.GetStringAsync("/health/ready")).Contains("Degraded", StringComparison.Ordinal),
            "it is over"
        );
        await Eventually.IsTrueAsync(
            async () => Count(await File.ReadAllTextAsync(api.LogFile), "Kafka does not fail any more") > 0,
            "the log says that it is over"
        );
        var log = await File.ReadAllTextAsync(api.LogFile);
        Assert.Equal((1, 1), (Count(log, "Kafka fails: "), Count(log, "Kafka does not fail any more")));
    }

    private static Task<LocalKafka> StartAsync(int port) =>
        LocalKafka.StartAsync(
            new LocalKafkaOptions
            {
                MoreListeners = [new LocalKafkaListener("GUARDED", "SASL_PLAINTEXT", port)],
                Properties =
                [
                    "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                    "super.users=User:ANONYMOUS",
                    "listener.name.guarded.sasl.enabled.mechanisms=PLAIN",
                    "listener.name.guarded.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required "
                        + "user_API=\"usher\" user_CONSUMER=\"usher\";",
                ],
            },
            TestContext.Current.CancellationToken
        );

    private static (string, string)[] As(string user) =>
        [
            ("Kafka__Client__security_protocol", "sasl_plaintext"),
            ("Kafka__Client__sasl_mechanism", "PLAIN"),
            ("Kafka__Client__sasl_username", user),
            ("Kafka__Client__sasl_password", "usher"),
        ];

    private static async Task GrantAsync(LocalKafka kafka, ServiceSettings service)
    {
        var names = new Dictionary<string, string>
        {
            ["coupon-issued"] = service.CouponIssuedTopic,
            ["coupon-issued-dead-letters"] = service.DeadLettersTopic,
            ["coupon-persistence"] = service.PersistenceGroup,
            ["coupon-dead-letter-ledger"] = service.DeadLetterLedgerGroup,
        };
        var lines = RightsPage.Block("kafka-acls").Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var acls = lines.SelectMany(words => words[3..].Select(operation => Acl(words[0], words[1], names[words[2]], operation)));
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.ConnectionString }).Build();
        await admin.CreateAclsAsync(acls);
    }

    private static AclBinding Acl(string user, string resource, string name, string operation) =>
        new()
        {
            Pattern = new ResourcePattern
            {
                Type = Enum.Parse<ResourceType>(resource),
                Name = name,
                ResourcePatternType = ResourcePatternType.Literal,
            },
            Entry = new AccessControlEntry
            {
                Principal = $"User:{user}",
                Host = "*",
                Operation = Enum.Parse<AclOperation>(operation),
                PermissionType = AclPermissionType.Allow,
            },
        };

    private static HashSet<long> Users(LocalKafka kafka, ServiceSettings service) =>
        [
            .. TopicReader
                .ReadAll(kafka.ConnectionString, service.CouponIssuedTopic)
                .Select(record => JsonSerializer.Deserialize<JsonElement>(record.Message.Value!).GetProperty("userId").GetInt64()),
        ];

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    /// <summary>The address that the programs are given; what the test prepares goes past the guard.</summary>
    private sealed class Guarded(LocalKafka kafka, int port) : IKafkaServer
    {
        public string ConnectionString => $"localhost:{port}";

        public string Description => kafka.Description;

        public bool IsLossy => kafka.IsLossy;

        public Task CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken = default) =>
            kafka.CreateTopicAsync(topic, partitions, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
