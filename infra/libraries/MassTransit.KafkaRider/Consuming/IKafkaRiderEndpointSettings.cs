namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>The settings of an endpoint that MassTransit.Kafka does not have.</summary>
internal interface IKafkaRiderEndpointSettings
{
    Func<UndecodableMessage, CancellationToken, Task>? UndecodableHandler { get; set; }

    RedeliveryPauses RedeliveryPauses { get; set; }

    TimeSpan StandsStillAfter { get; set; }

    GiveUpSettings? GiveUp { get; set; }
}
