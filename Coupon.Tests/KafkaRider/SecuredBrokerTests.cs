using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Confluent.Kafka;
using Coupon.LocalStack;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>A real broker whose listener wants TLS and a password.</summary>
public sealed class SecuredBrokerTests
{
    private readonly SeatLog _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Producers_and_consumers_get_in_with_TLS_and_the_password_and_stay_outside_unhealthy_without_it()
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "There is no Kafka installation.");
        using var key = RSA.Create(2048);
        var certificate = Certify(key);
        var keystore = Path.GetTempFileName();
        await File.WriteAllTextAsync(keystore, key.ExportPkcs8PrivateKeyPem() + "\n" + certificate, Cancellation);
        var port = FreePort.Next();
        await using var kafka = await LocalKafka.StartAsync(new LocalKafkaOptions
        {
            MoreListeners = [new LocalKafkaListener("SECURED", "SASL_SSL", port)],
            Properties =
            [
                "listener.name.secured.ssl.keystore.type=PEM",
                $"listener.name.secured.ssl.keystore.location={keystore}",
                "listener.name.secured.sasl.enabled.mechanisms=PLAIN",
                "listener.name.secured.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_usher=\"velvet\";",
            ],
        }, Cancellation);
        var topic = UniqueName.From("secured");
        await kafka.CreateTopicAsync(topic, 1, Cancellation);
        RiderBus Bus(string password, string group) => RiderBus.Create(new GivenBroker($"localhost:{port}"), configure: (_, cluster) =>
        {
            cluster.SecurityProtocol = SecurityProtocol.SaslSsl;
            cluster.BrokerAddressFamily = BrokerAddressFamily.V4;
            cluster.TopicEndpoint<Seat>(topic, group, endpoint =>
            {
                endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                endpoint.Consumer(() => new SeatBatchConsumer(_log));
            });
        }, host: host =>
        {
            host.UseSsl(ssl => ssl.SslCaPem = certificate);
            host.UseSasl(sasl =>
            {
                sasl.Mechanism = SaslMechanism.Plain;
                sasl.Username = "usher";
                sasl.Password = password;
            });
        });

        await using (var bus = await Bus("velvet", "inside").StartAsync())
        {
            await bus.ProduceAsync(topic, 1, 10);
            await _log.AllAsync(10);
            Assert.Equal(BusHealthStatus.Healthy, bus.Bus.CheckHealth().Status);
        }

        await using var outside = Bus("cardboard", "outside");
        var starting = outside.StartAsync();
        await Eventually.AsyncTrue(() => outside.Logs.Contains("Local_Authentication"), timeoutSeconds: 20, () => outside.Logs.ToString());
        Assert.NotEqual(BusHealthStatus.Healthy, outside.Bus.CheckHealth().Status);
        Assert.False(starting.IsCompletedSuccessfully);
        Assert.DoesNotContain("cardboard", outside.Logs.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _log.Repeated);
        File.Delete(keystore);
    }

    private static string Certify(RSA key)
    {
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return certificate.ExportCertificatePem();
    }
}
