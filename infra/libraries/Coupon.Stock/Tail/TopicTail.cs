using Confluent.Kafka;

namespace Coupon.Stock.Tail;

/// <summary>
/// Reads what a consumer group has not committed yet: from its committed offsets (none: from the beginning) to the high watermark at the time of
/// asking. It assigns itself the partitions, so it never joins the group, and it never commits: the group does not notice. Committed offsets are
/// asked for first, so what is not in the tail had been dealt with before the call.
/// </summary>
internal sealed class TopicTail(TailSettings settings)
{
    /// <summary>Reads the tail of one topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="group">The group whose offsets count.</param>
    /// <param name="mostUnread">How many messages to read at most.</param>
    /// <param name="read">Called for every message, on one thread. A message may come after it has been dealt with meanwhile.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="alreadyRead">Called in the same way for what is below the committed offsets and still there; null: that is not read.</param>
    /// <returns>False: there is no such topic.</returns>
    /// <exception cref="KafkaException">
    /// The broker does not answer, or the group's offset has been overtaken by retention: messages are gone unread.
    /// </exception>
    /// <exception cref="TailTooLongException">There are more; none was read.</exception>
    public Task<bool> ReadAsync(
        string topic,
        string group,
        long mostUnread,
        Action<ConsumeResult<byte[]?, byte[]?>> read,
        CancellationToken cancellationToken,
        Action<ConsumeResult<byte[]?, byte[]?>>? alreadyRead = null
    ) =>
        // librdkafka's calls block: they get a thread of their own.
        Task.Factory.StartNew(
            () => Read(topic, group, mostUnread, read, alreadyRead, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private bool Read(
        string topic,
        string group,
        long mostUnread,
        Action<ConsumeResult<byte[]?, byte[]?>> read,
        Action<ConsumeResult<byte[]?, byte[]?>>? alreadyRead,
        CancellationToken cancellationToken
    )
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(Config(group)).SetLogHandler((_, _) => { }).Build();
        var partitions = Partitions(consumer, topic);
        if (partitions.Count == 0)
            return false;

        var ends = new Dictionary<TopicPartition, Offset>();
        var starts = new List<TopicPartitionOffset>();
        var unreadFrom = new Dictionary<TopicPartition, long>();
        foreach (var committed in consumer.Committed(partitions, settings.Timeout))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var range = consumer.QueryWatermarkOffsets(committed.TopicPartition, settings.Timeout);
            var start = committed.Offset.Value >= 0 ? committed.Offset.Value : range.Low.Value;
            if (start < range.Low.Value)
                throw Overtaken(committed, range.Low);
            unreadFrom[committed.TopicPartition] = start;
            if (alreadyRead is not null)
                start = range.Low.Value;
            if (start >= range.High.Value)
                continue;
            starts.Add(new TopicPartitionOffset(committed.TopicPartition, start));
            ends.Add(committed.TopicPartition, range.High);
        }

        var unread = starts.Sum(start => ends[start.TopicPartition].Value - start.Offset.Value);
        if (unread > mostUnread)
            throw new TailTooLongException(topic, unread, mostUnread);
        consumer.Assign(starts);
        while (ends.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = consumer.Consume(settings.Timeout)
                ?? throw new KafkaException(new Error(ErrorCode.Local_TimedOut, $"The tail of {topic} stands still."));
            if (!ends.TryGetValue(result.TopicPartition, out var end))
                continue;
            if (!result.IsPartitionEOF && result.Offset.Value < end.Value)
                (result.Offset.Value < unreadFrom[result.TopicPartition] ? alreadyRead! : read)(result);

            // The end of the partition counts too: below the watermark there may be offsets without a message.
            if (result.Offset.Value < end.Value - 1)
                continue;
            ends.Remove(result.TopicPartition);
            consumer.IncrementalUnassign([result.TopicPartition]);
        }

        return true;
    }

    private ConsumerConfig Config(string group) =>
        new(settings.Client.ToDictionary(setting => setting.Key, setting => setting.Value))
        {
            GroupId = group,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Error,
            AllowAutoCreateTopics = false,
            FetchWaitMaxMs = 50,
        };

    private List<TopicPartition> Partitions(IConsumer<byte[]?, byte[]?> consumer, string topic)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var found = admin.GetMetadata(topic, settings.Timeout).Topics.Single();
        if (found.Error.Code == ErrorCode.UnknownTopicOrPart)
            return [];
        if (found.Error.IsError)
            throw new KafkaException(found.Error);
        return [.. found.Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
    }

    private static KafkaException Overtaken(TopicPartitionOffset committed, Offset low) =>
        new(
            new Error(
                ErrorCode.OffsetOutOfRange,
                $"{committed.TopicPartition} was read up to {committed.Offset.Value}, and retention has deleted everything below "
                    + $"{low.Value}: messages are gone unread."
            )
        );
}
