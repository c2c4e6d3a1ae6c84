using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

internal sealed class KafkaSaslConfigurator(ClientConfig client) : IKafkaSaslConfigurator
{
    public SaslMechanism? Mechanism
    {
        set => client.SaslMechanism = value;
    }
    public string? KerberosServiceName
    {
        set => client.SaslKerberosServiceName = value;
    }
    public string? KerberosPrincipal
    {
        set => client.SaslKerberosPrincipal = value;
    }
    public string? KerberosKinitCmd
    {
        set => client.SaslKerberosKinitCmd = value;
    }
    public string? KerberosKeytab
    {
        set => client.SaslKerberosKeytab = value;
    }
    public int? KerberosMinTimeBeforeRelogin
    {
        set => client.SaslKerberosMinTimeBeforeRelogin = value;
    }
    public string? Username
    {
        set => client.SaslUsername = value;
    }
    public string? Password
    {
        set => client.SaslPassword = value;
    }
    public string? OauthbearerConfig
    {
        set => client.SaslOauthbearerConfig = value;
    }
    public bool? EnableOauthbearerUnsecureJwt
    {
        set => client.EnableSaslOauthbearerUnsecureJwt = value;
    }
    public SecurityProtocol? SecurityProtocol
    {
        set => client.SecurityProtocol = value;
    }
}
