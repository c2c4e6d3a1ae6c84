using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

internal sealed class KafkaSslConfigurator(ClientConfig client) : IKafkaSslConfigurator
{
    public string? CipherSuites
    {
        set => client.SslCipherSuites = value;
    }
    public string? CurvesList
    {
        set => client.SslCurvesList = value;
    }
    public string? SigalgsList
    {
        set => client.SslSigalgsList = value;
    }
    public string? KeyLocation
    {
        set => client.SslKeyLocation = value;
    }
    public string? KeyPassword
    {
        set => client.SslKeyPassword = value;
    }
    public string? KeyPem
    {
        set => client.SslKeyPem = value;
    }
    public string? CertificateLocation
    {
        set => client.SslCertificateLocation = value;
    }
    public string? CertificatePem
    {
        set => client.SslCertificatePem = value;
    }
    public string? CaLocation
    {
        set => client.SslCaLocation = value;
    }
    public string? CrlLocation
    {
        set => client.SslCrlLocation = value;
    }
    public string? KeystoreLocation
    {
        set => client.SslKeystoreLocation = value;
    }
    public string? KeystorePassword
    {
        set => client.SslKeystorePassword = value;
    }
    public bool? EnableCertificateVerification
    {
        set => client.EnableSslCertificateVerification = value;
    }
    public SslEndpointIdentificationAlgorithm? EndpointIdentificationAlgorithm
    {
        set => client.SslEndpointIdentificationAlgorithm = value;
    }
    public string? SslCertificateLocation
    {
        set => client.SslCertificateLocation = value;
    }
    public string? SslCertificatePem
    {
        set => client.SslCertificatePem = value;
    }
    public string? SslCaLocation
    {
        set => client.SslCaLocation = value;
    }
    public string? SslCaPem
    {
        set => client.SslCaPem = value;
    }
    public string? SslCaCertificateStores
    {
        set => client.SslCaCertificateStores = value;
    }
    public string? SslCrlLocation
    {
        set => client.SslCrlLocation = value;
    }
    public string? SslEngineLocation
    {
        set => client.SslEngineLocation = value;
    }
    public string? SslEngineId
    {
        set => client.SslEngineId = value;
    }
    public bool? EnableSslCertificateVerification
    {
        set => client.EnableSslCertificateVerification = value;
    }
    public SslEndpointIdentificationAlgorithm? SslEndpointIdentificationAlgorithm
    {
        set => client.SslEndpointIdentificationAlgorithm = value;
    }
}
