namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// When a batch is full or due. Several batch consumers on one endpoint get the same batches, so the strictest of each limit counts.
/// </summary>
internal sealed record BatchLimits(int Messages, TimeSpan Time, bool TimeFromLast, int Concurrent)
{
    public static BatchLimits Of(IReadOnlyCollection<BatchOptions> options) =>
        new(
            options.Min(option => option.MessageLimit),
            options.Min(option => option.TimeLimit),
            options.All(option => option.TimeLimitStart == BatchTimeLimitStart.FromLast),
            options.Min(option => option.ConcurrencyLimit)
        );
}
