using System.Xml.Linq;
using Confluent.Kafka;
using MassTransit;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.KafkaIntegration.Registration;

namespace Coupon.Tests.KafkaRider;

/// <summary>Every setting has a name in librdkafka, and its documentation says which: that is the one that must be set.</summary>
[NeedsNothing]
public sealed class ClientSettingsTests
{
    private static readonly XElement _documentation = XElement
        .Load(Path.ChangeExtension(typeof(IKafkaRider).Assembly.Location, "xml"))
        .Element("members")!;

    public static TheoryData<string> Settings =>
        [.. _configurators.Keys.SelectMany(type => type.GetProperties().Select(property => $"{type.Name}.{property.Name}"))];

    private static Dictionary<Type, Func<(object Configurator, Config Client)>> _configurators =>
        new()
        {
            [typeof(IKafkaFactoryConfigurator)] = () => With(new ClientConfig(), client => Rider(client)),
            [typeof(IKafkaApiConfigurator)] = () => With(new ClientConfig(), client => new KafkaApiConfigurator(client)),
            [typeof(IKafkaSocketConfigurator)] = () => With(new ClientConfig(), client => new KafkaSocketConfigurator(client)),
            [typeof(IKafkaSaslConfigurator)] = () => With(new ClientConfig(), client => new KafkaSaslConfigurator(client)),
            [typeof(IKafkaSslConfigurator)] = () => With(new ClientConfig(), client => new KafkaSslConfigurator(client)),
            [typeof(IKafkaFetchConfigurator)] = () => With(new ConsumerConfig(), client => new KafkaFetchConfigurator(client)),
            [typeof(IKafkaProducerConfigurator)] = () =>
            {
                var settings = new KafkaProducerSettings<long, Seat>(new RiderSettings(new ClientConfig()), new ProducerConfig());
                return (settings, settings.Client);
            },
        };

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_setting_reaches_the_client_under_the_name_that_its_documentation_gives(string setting)
    {
        var (type, create) = _configurators.Single(configurator => setting.StartsWith($"{configurator.Key.Name}.", StringComparison.Ordinal));
        var property = type.GetProperty(setting[(setting.IndexOf('.', StringComparison.Ordinal) + 1)..])!;
        var (configurator, client) = create();

        property.SetValue(configurator, Sample(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType));

        Assert.Equal([NameOf($"P:{type.FullName}.{property.Name}")], client.Select(entry => entry.Key));
    }

    [Fact]
    public void What_is_set_for_the_rider_is_set_for_each_producer_unless_it_says_otherwise()
    {
        var rider = new RiderSettings(
            new ClientConfig
            {
                SaslUsername = "usher",
                SslCaPem = "pem",
                SecurityProtocol = SecurityProtocol.SaslSsl,
            }
        );

        var settings = new KafkaProducerSettings<long, Seat>(rider, new ProducerConfig { SaslUsername = "box-office" });

        Assert.Equal(
            ("box-office", "pem", SecurityProtocol.SaslSsl),
            (settings.Client.SaslUsername, settings.Client.SslCaPem, settings.Client.SecurityProtocol)
        );
    }

    private static KafkaFactoryConfigurator Rider(ClientConfig client) => new(client, null!);

    private static (object, Config) With<T>(T client, Func<T, object> configure)
        where T : Config => (configure(client), client);

    /// <summary>The setting's name is written as code, with dots in it but for three; an alias refers to where it is.</summary>
    private static string NameOf(string member)
    {
        var summary = _documentation.Elements().Single(element => element.Attribute("name")!.Value == member).Element("summary")!;
        return summary
            .Elements("c")
            .Select(code => code.Value)
            .FirstOrDefault(text => text.Contains('.', StringComparison.Ordinal) || text is "acks" or "debug" or "partitioner")
            ?? NameOf(summary.Elements("see").First().Attribute("cref")!.Value);
    }

    private static object Sample(Type type) =>
        type switch
        {
            _ when type == typeof(string) => "text",
            _ when type == typeof(int) => 7,
            _ when type == typeof(bool) => true,
            _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(7),
            { IsEnum: true } => Enum.GetValues(type).GetValue(1)!,
            _ => throw new InvalidOperationException($"No sample of {type}."),
        };
}
