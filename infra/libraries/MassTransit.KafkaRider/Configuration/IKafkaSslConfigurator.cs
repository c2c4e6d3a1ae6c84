using Confluent.Kafka;

namespace MassTransit;

/// <summary>TLS. Names that occur twice, with and without <c>Ssl</c>, set the same thing, as in MassTransit.Kafka.</summary>
public interface IKafkaSslConfigurator
{
    /// <summary>Cipher suites (<c>ssl.cipher.suites</c>).</summary>
    string? CipherSuites { set; }

    /// <summary>Supported curves (<c>ssl.curves.list</c>).</summary>
    string? CurvesList { set; }

    /// <summary>Signature algorithms (<c>ssl.sigalgs.list</c>).</summary>
    string? SigalgsList { set; }

    /// <summary>Path of the client's private key, PEM (<c>ssl.key.location</c>).</summary>
    string? KeyLocation { set; }

    /// <summary>Passphrase of the private key (<c>ssl.key.password</c>).</summary>
    string? KeyPassword { set; }

    /// <summary>The client's private key itself, PEM (<c>ssl.key.pem</c>).</summary>
    string? KeyPem { set; }

    /// <summary>Path of the client's certificate, PEM (<c>ssl.certificate.location</c>).</summary>
    string? CertificateLocation { set; }

    /// <summary>The client's certificate itself, PEM (<c>ssl.certificate.pem</c>).</summary>
    string? CertificatePem { set; }

    /// <summary>File or folder of certificates that brokers are checked against (<c>ssl.ca.location</c>).</summary>
    string? CaLocation { set; }

    /// <summary>Path of a revocation list (<c>ssl.crl.location</c>).</summary>
    string? CrlLocation { set; }

    /// <summary>Path of a PKCS#12 keystore (<c>ssl.keystore.location</c>).</summary>
    string? KeystoreLocation { set; }

    /// <summary>Password of the keystore (<c>ssl.keystore.password</c>).</summary>
    string? KeystorePassword { set; }

    /// <summary>Check the broker's certificate (<c>enable.ssl.certificate.verification</c>). Default: true.</summary>
    bool? EnableCertificateVerification { set; }

    /// <summary>Check the broker's name against its certificate (<c>ssl.endpoint.identification.algorithm</c>). Default: https.</summary>
    SslEndpointIdentificationAlgorithm? EndpointIdentificationAlgorithm { set; }

    /// <summary>See <see cref="CertificateLocation"/>.</summary>
    string? SslCertificateLocation { set; }

    /// <summary>See <see cref="CertificatePem"/>.</summary>
    string? SslCertificatePem { set; }

    /// <summary>See <see cref="CaLocation"/>.</summary>
    string? SslCaLocation { set; }

    /// <summary>Certificates that brokers are checked against, PEM (<c>ssl.ca.pem</c>).</summary>
    string? SslCaPem { set; }

    /// <summary>Windows certificate stores to take them from, comma-separated (<c>ssl.ca.certificate.stores</c>). Default: Root.</summary>
    string? SslCaCertificateStores { set; }

    /// <summary>See <see cref="CrlLocation"/>.</summary>
    string? SslCrlLocation { set; }

    /// <summary>Path of an OpenSSL engine (<c>ssl.engine.location</c>).</summary>
    string? SslEngineLocation { set; }

    /// <summary>Name of the OpenSSL engine (<c>ssl.engine.id</c>). Default: dynamic.</summary>
    string? SslEngineId { set; }

    /// <summary>See <see cref="EnableCertificateVerification"/>.</summary>
    bool? EnableSslCertificateVerification { set; }

    /// <summary>See <see cref="EndpointIdentificationAlgorithm"/>.</summary>
    SslEndpointIdentificationAlgorithm? SslEndpointIdentificationAlgorithm { set; }
}
