using Coupon.Hosting.Clients;
using Microsoft.Extensions.Configuration;

namespace Coupon.Tests.Hosting;

[NeedsNothing]
public sealed class KafkaClientTests
{
    [Theory]
    [InlineData("Kafka:Client:sasl.username")]
    [InlineData("Kafka:Client:sasl_username")]
    public void A_property_of_the_client_is_named_as_in_its_documentation_or_as_a_shell_can(string key)
    {
        var client = KafkaClient.Configuration(Configuration(("ConnectionStrings:Kafka", "broker:9092"), (key, "usher")), "a-program");

        Assert.Equal(("broker:9092", "usher", "a-program"), (client.BootstrapServers, client.SaslUsername, client.ClientId));
    }

    [Fact]
    public void Without_a_broker_it_says_what_is_missing()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => KafkaClient.Configuration(Configuration(), "a-program"));

        Assert.Contains("ConnectionStrings__Kafka", exception.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build();
}
