namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// What becomes of records after the poll loop: batches, or one message after the other. Its members are called by the polling thread only, the wait
/// handle apart; deliveries run on the thread pool.
/// </summary>
internal interface IRecordPath<TValue>
    where TValue : class
{
    /// <summary>Whether another record may be accepted.</summary>
    bool HasRoom { get; }

    /// <summary>Whether anything is being delivered.</summary>
    bool IsBusy { get; }

    /// <summary>Set when a delivery ends.</summary>
    ManualResetEventSlim Progress { get; }

    void Accept(KafkaRecord<TValue> record);

    /// <summary>Whether a partition has enough records under way, while others may have more.</summary>
    bool IsFull(AssignedPartition partition);

    /// <summary>Starts the deliveries that are due.</summary>
    /// <returns>After how long to be called again, if nothing else happens.</returns>
    /// <exception cref="EndpointHaltedException">A delivery cannot succeed and must not be skipped.</exception>
    TimeSpan Pump();

    /// <summary>Partitions go: what is buffered of them is forgotten, what waits for another attempt is given up.</summary>
    void Leave(IReadOnlyCollection<AssignedPartition> partitions);

    /// <summary>
    /// Partitions are about to go: what waits for another attempt is given up, and what is at work may end. What is buffered of them is not begun;
    /// <see cref="Leave"/> forgets it.
    /// </summary>
    void Retire(IReadOnlyCollection<AssignedPartition> partitions, TimeSpan timeout, CancellationToken stopBy);

    /// <summary>No further attempt is started.</summary>
    void Stop();

    /// <summary>Tells consumers, by their cancellation token, that nobody waits for them any more.</summary>
    void Cancel();
}
