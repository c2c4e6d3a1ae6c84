using Confluent.Kafka;

namespace MassTransit;

/// <summary>SASL: how a client says who it is.</summary>
public interface IKafkaSaslConfigurator
{
    /// <summary>GSSAPI, PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER (<c>sasl.mechanism</c>).</summary>
    SaslMechanism? Mechanism { set; }

    /// <summary>Kerberos principal that Kafka runs as, without the host (<c>sasl.kerberos.service.name</c>). Default: <c>kafka</c>.</summary>
    string? KerberosServiceName { set; }

    /// <summary>This client's Kerberos principal (<c>sasl.kerberos.principal</c>). Default: <c>kafkaclient</c>.</summary>
    string? KerberosPrincipal { set; }

    /// <summary>Shell command that renews the ticket (<c>sasl.kerberos.kinit.cmd</c>).</summary>
    string? KerberosKinitCmd { set; }

    /// <summary>Path of the keytab (<c>sasl.kerberos.keytab</c>).</summary>
    string? KerberosKeytab { set; }

    /// <summary>Milliseconds between renewals; 0 for none (<c>sasl.kerberos.min.time.before.relogin</c>). Default: 60,000.</summary>
    int? KerberosMinTimeBeforeRelogin { set; }

    /// <summary>User name, for PLAIN and SCRAM (<c>sasl.username</c>).</summary>
    string? Username { set; }

    /// <summary>Password, for PLAIN and SCRAM (<c>sasl.password</c>).</summary>
    string? Password { set; }

    /// <summary>What the token handler is given (<c>sasl.oauthbearer.config</c>).</summary>
    string? OauthbearerConfig { set; }

    /// <summary>Accept librdkafka's unsecured tokens: for trying out only (<c>enable.sasl.oauthbearer.unsecure.jwt</c>). Default: false.</summary>
    bool? EnableOauthbearerUnsecureJwt { set; }

    /// <summary>The protocol, here for convenience: the same as <see cref="IKafkaFactoryConfigurator.SecurityProtocol"/>.</summary>
    SecurityProtocol? SecurityProtocol { set; }
}
