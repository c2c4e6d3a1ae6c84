namespace Coupon.Api;

/// <summary>Everything that this program logs.</summary>
internal static partial class Log
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "Kafka did not acknowledge {Threshold} messages in a row: answering without waiting, the outbox holds what is accepted"
    )]
    public static partial void CircuitOpened(ILogger logger, int threshold);

    [LoggerMessage(2, LogLevel.Information, "Kafka acknowledges again")]
    public static partial void CircuitClosed(ILogger logger);

    [LoggerMessage(3, LogLevel.Debug, "A message was not acknowledged and stays in the outbox: {Reason}")]
    public static partial void ProduceFailed(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Warning, "{Count} acknowledged entries were not taken out of the outbox and will be sent again")]
    public static partial void RemovalFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "Relayed {Sent} of {Due} overdue issuances of coupon {CouponId}")]
    public static partial void Relayed(ILogger logger, int sent, int due, long couponId);

    [LoggerMessage(6, LogLevel.Warning, "The relay waits")]
    public static partial void RelayWaits(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Error, "The outbox of coupon {CouponId} holds an entry that cannot be read; it stays there, unsent: {Entry}")]
    public static partial void OutboxEntryUnreadable(ILogger logger, long couponId, string entry);

    [LoggerMessage(7, LogLevel.Warning, "Coupon {CouponId} is sold out, but who holds it could not be read")]
    public static partial void SoldOutNotRead(ILogger logger, long couponId, Exception exception);

    [LoggerMessage(8, LogLevel.Debug, "Which late issuances others have relayed cannot be seen at the moment: {Reason}")]
    public static partial void LateNotChecked(ILogger logger, string reason);

    [LoggerMessage(10, LogLevel.Error, "A request failed for a reason that is ours; its client was given trace id {TraceId}")]
    public static partial void RequestFailed(ILogger logger, Exception? exception, string traceId);

    [LoggerMessage(20, LogLevel.Warning, "Redis has {Setting} = {Found}, which is weaker than the documented {Sound}: {Consequence}")]
    public static partial void RedisIsWeaker(ILogger logger, string setting, string found, string sound, string consequence);

    [LoggerMessage(21, LogLevel.Information, "Whether Redis has a sound {Setting} cannot be read: {Reason}")]
    public static partial void RedisConfigUnreadable(ILogger logger, string setting, string reason);

    [LoggerMessage(
        23,
        LogLevel.Warning,
        "Kafka has {Setting} = {Found} for topic {Topic}, which is weaker than the documented {Sound}: {Consequence}"
    )]
    public static partial void KafkaIsWeaker(ILogger logger, string topic, string setting, string found, string sound, string consequence);

    [LoggerMessage(24, LogLevel.Information, "Whether Kafka is configured soundly cannot be read yet: {Reason}")]
    public static partial void KafkaConfigUnreadable(ILogger logger, string reason);

    [LoggerMessage(25, LogLevel.Warning, "MySQL has {Setting} = {Found}, which is weaker than the documented 1: {Consequence}")]
    public static partial void MySqlIsWeaker(ILogger logger, string setting, long found, string consequence);

    [LoggerMessage(26, LogLevel.Information, "Whether MySQL is configured soundly cannot be read yet: {Reason}")]
    public static partial void MySqlConfigUnreadable(ILogger logger, string reason);

    [LoggerMessage(22, LogLevel.Warning, "The terms in Redis could not be compared with MySQL")]
    public static partial void ReconciliationWaits(ILogger logger, Exception exception);

    [LoggerMessage(30, LogLevel.Information, "Rehearsed {Rounds} rounds of {Requests} issuances in {Seconds:F1} s")]
    public static partial void Rehearsed(ILogger logger, int rounds, int requests, double seconds);

    [LoggerMessage(31, LogLevel.Warning, "The rehearsal failed, so the first requests will be slower: {Reason}")]
    public static partial void RehearsalFailed(ILogger logger, string reason);

    [LoggerMessage(32, LogLevel.Information, "Ready after {Seconds:F0} s of rehearsal, although the compiler still has something to do")]
    public static partial void RehearsalCutShort(ILogger logger, double seconds);
}
