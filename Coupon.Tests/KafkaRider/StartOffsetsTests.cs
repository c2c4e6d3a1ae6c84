using Confluent.Kafka;
using MassTransit.KafkaIntegration.Consuming;

namespace Coupon.Tests.KafkaRider;

[NeedsNothing]
public sealed class StartOffsetsTests
{
    private static readonly TopicPartition _partition = new("seats", 0);

    private readonly StartOffsets _offsets = new(new Offset(7));

    [Fact]
    public void A_partition_begins_at_the_configured_offset_until_one_of_its_offsets_was_committed()
    {
        Assert.Equal(7L, Start());
        Assert.Equal(7L, Start());

        _offsets.Committed([
            new TopicPartitionOffsetError(_partition, 8, new Error(ErrorCode.RebalanceInProgress)),
            new TopicPartitionOffsetError("seats", 1, 8, new Error(ErrorCode.NoError)),
        ]);
        Assert.Equal(7L, Start());

        _offsets.Committed([new TopicPartitionOffsetError(_partition, 8, new Error(ErrorCode.NoError))]);
        Assert.Equal(Offset.Unset.Value, Start());
    }

    private long Start() => Assert.Single(_offsets.Of([_partition])).Offset.Value;
}
