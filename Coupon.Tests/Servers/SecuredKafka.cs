using Coupon.LocalServers;

namespace Coupon.Tests.Servers;

/// <summary>A real broker with a second listener that wants TLS and a password; only there is Kafka's installation.</summary>
public sealed class SecuredKafka : IAsyncDisposable
{
    public const string User = "usher";
    public const string Password = "velvet";

    private readonly LocalKafka _kafka;
    private readonly string _keystore;

    private SecuredKafka(LocalKafka kafka, int port, string certificate, string keystore) =>
        (_kafka, BootstrapServers, Certificate, _keystore) = (kafka, $"localhost:{port}", certificate, keystore);

    /// <summary>The listener that wants TLS and a password.</summary>
    public string BootstrapServers { get; }

    /// <summary>Who signed the broker's certificate: itself. PEM.</summary>
    public string Certificate { get; }

    /// <summary>The same broker without either, for what a test prepares.</summary>
    public IKafkaServer Open => _kafka;

    public static async Task<SecuredKafka> StartAsync(CancellationToken cancellationToken)
    {
        using var certificate = new PrivateCertificate();
        var keystore = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(keystore, certificate.KeyPem + "\n" + certificate.Certificate, cancellationToken);
            var port = FreePort.Next();
            return new SecuredKafka(await LocalKafka.StartAsync(Options(port, keystore), cancellationToken), port, certificate.Certificate, keystore);
        }
        catch
        {
            File.Delete(keystore);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _kafka.DisposeAsync();
        File.Delete(_keystore);
    }

    private static LocalKafkaOptions Options(int port, string keystore) =>
        new()
        {
            MoreListeners = [new LocalKafkaListener("SECURED", "SASL_SSL", port)],
            Properties =
            [
                "listener.name.secured.ssl.keystore.type=PEM",
                $"listener.name.secured.ssl.keystore.location={keystore}",
                "listener.name.secured.sasl.enabled.mechanisms=PLAIN",
                $"listener.name.secured.plain.sasl.jaas.config=org.apache.kafka.common.security.plain."
                    + $"PlainLoginModule required user_{User}=\"{Password}\";",
            ],
        };
}
