namespace Coupon.Consumers.Telemetry;

/// <summary>All log messages of this program.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The database fails (attempt {Attempt}); the batch is written again in {Delay:0} ms")]
    public static partial void DatabaseFails(ILogger logger, int attempt, double delay, Exception exception);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "{Rejections} of a batch of {Messages} cannot be written: more than the valve admits. "
            + "Consumption stands still until an operator releases the valve or the messages can be written"
    )]
    public static partial void ValveShut(ILogger logger, int rejections, int messages);

    [LoggerMessage(3, LogLevel.Warning, "Dead letter: {Topic}/{Partition}@{Offset}, {Cause}: {Reason}")]
    public static partial void DeadLettered(ILogger logger, string topic, int partition, long offset, string cause, string reason);

    [LoggerMessage(
        4,
        LogLevel.Error,
        "A dead letter cannot be handed to Kafka (attempt {Attempt}); its batch is held, and the next attempt is in {Delay:0} ms"
    )]
    public static partial void DeadLetterFails(ILogger logger, int attempt, double delay, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "The switch that pauses consumption cannot be read; its last known position holds")]
    public static partial void SwitchUnreadable(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "Seats of discarded dead letters could not be returned to the stock yet")]
    public static partial void SeatReturnsFail(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Information, "Finished returning {Count} seats of discarded dead letters to the stock")]
    public static partial void SeatReturnsFinished(ILogger logger, int count);

    [LoggerMessage(8, LogLevel.Debug, "The rates of the coupons are not known at the moment: {Reason}")]
    public static partial void RatesUnknown(ILogger logger, string reason);

    [LoggerMessage(
        9,
        LogLevel.Error,
        "The dead-letter topic will never take {Topic}/{Partition}@{Offset} ({Reason}): it goes straight into the ledger"
    )]
    public static partial void DeadLetterNotTaken(ILogger logger, string topic, int partition, long offset, string reason);

    [LoggerMessage(10, LogLevel.Error, "The seat of the discarded dead letter {Id} cannot be returned to the stock")]
    public static partial void SeatReturnFails(ILogger logger, long id, Exception exception);

    [LoggerMessage(
        11,
        LogLevel.Warning,
        "MySQL does not allow LOAD DATA LOCAL ({Reason}): large batches are inserted, which takes it a fifth longer"
    )]
    public static partial void LoadingNotAllowed(ILogger logger, string reason);

    [LoggerMessage(30, LogLevel.Information, "Warmed up in {Rounds} rounds of {Batches} batches, {Seconds:F1} s")]
    public static partial void WarmedUp(ILogger logger, int rounds, int batches, double seconds);

    [LoggerMessage(31, LogLevel.Information, "The warm-up ended early, so the first batches will be slower: {Reason}")]
    public static partial void WarmUpEndedEarly(ILogger logger, string reason);

    [LoggerMessage(
        60,
        LogLevel.Error,
        "Coupon {CouponId} does not balance: {Drift} seats are not accounted for; 'balance --coupon {CouponId}' names them"
    )]
    public static partial void BooksDoNotBalance(ILogger logger, long couponId, long drift);

    [LoggerMessage(61, LogLevel.Warning, "The balance cannot be read: {Reason}")]
    public static partial void BalanceCannotBeRead(ILogger logger, Exception exception, string reason);

    [LoggerMessage(62, LogLevel.Warning, "The open dead letters cannot be counted")]
    public static partial void DeadLettersCannotBeCounted(ILogger logger, Exception exception);

    [LoggerMessage(
        12,
        LogLevel.Error,
        "The background operation {Operation} on dead letters failed; its page in the console says how far it came, and the rest can be started again"
    )]
    public static partial void OperationFailed(ILogger logger, string operation, Exception exception);

    [LoggerMessage(13, LogLevel.Warning, "Background operations on dead letters wait until MySQL answers: {Reason}")]
    public static partial void OperationsUnreadable(ILogger logger, string reason);

    [LoggerMessage(14, LogLevel.Debug, "What Redis holds is not known at the moment: {Reason}")]
    public static partial void StockUnknown(ILogger logger, string reason);
}
