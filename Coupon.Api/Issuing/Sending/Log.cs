namespace Coupon.Api.Issuing.Sending;

internal static partial class Log
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "Kafka did not acknowledge {Threshold} messages in a row: answers do not wait for it any more, and the outbox holds what is accepted"
    )]
    public static partial void CircuitOpened(ILogger logger, int threshold);

    [LoggerMessage(2, LogLevel.Information, "Kafka acknowledges again")]
    public static partial void CircuitClosed(ILogger logger);

    [LoggerMessage(3, LogLevel.Debug, "Kafka did not acknowledge a message, which stays in the outbox: {Reason}")]
    public static partial void ProduceFailed(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Warning, "{Count} acknowledged entries could not be removed from the outbox and will be sent again")]
    public static partial void RemovalFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "Relayed {Sent} of {Due} overdue issuances of coupon {CouponId}")]
    public static partial void Relayed(ILogger logger, int sent, int due, long couponId);

    [LoggerMessage(6, LogLevel.Warning, "The relay could not read the outboxes; it tries again")]
    public static partial void RelayWaits(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Error, "The outbox of coupon {CouponId} holds an entry that cannot be read; it stays there, unsent; its hash: {Hash}")]
    public static partial void OutboxEntryUnreadable(ILogger logger, long couponId, string hash);

    [LoggerMessage(10, LogLevel.Information, "Relayed {Sent} of {Told} issuances from memory, while nothing is sold here")]
    public static partial void RelayedFromMemory(ILogger logger, int sent, int told);
}
