using Microsoft.Extensions.Logging;

namespace Coupon.Stock;

/// <summary>What this library logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Verification {Id} of {What} begins: {Reason}")]
    public static partial void VerificationBegins(ILogger logger, long id, string what, string reason);

    [LoggerMessage(2, LogLevel.Information, "Verification {Id} waits for {Instances}")]
    public static partial void WaitingFor(ILogger logger, long id, string instances);

    [LoggerMessage(
        3,
        LogLevel.Information,
        "Coupon {CouponId} verified: {UsersAdded} users added, last ordinal {Before} -> {After}, {OutboxAdded} sent again, {Remaining} left"
    )]
    public static partial void CouponVerified(
        ILogger logger,
        long couponId,
        long usersAdded,
        long before,
        long after,
        long outboxAdded,
        long remaining
    );

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "Coupon {CouponId}: {Count} ordinals were forgotten before a user was told of them; their seats are back in the stock"
    )]
    public static partial void OrdinalsForgotten(ILogger logger, long couponId, long count);

    [LoggerMessage(
        5,
        LogLevel.Error,
        "Coupon {CouponId} does not add up: {Missing} ordinals are nowhere, {Conflicts} users hold two; see its balance"
    )]
    public static partial void CouponDoesNotAddUp(ILogger logger, long couponId, long missing, long conflicts);

    [LoggerMessage(
        6,
        LogLevel.Warning,
        "Verification {Id} done: {Coupons} coupons in {Seconds:0.00} s, of which {SettleSeconds:0.00} s waiting for instances"
    )]
    public static partial void VerificationDone(ILogger logger, long id, int coupons, double seconds, double settleSeconds);

    [LoggerMessage(7, LogLevel.Warning, "{What} is doubted, nothing is sold until it is verified: {Reason}")]
    public static partial void FenceClosed(ILogger logger, string what, string reason);

    [LoggerMessage(8, LogLevel.Information, "{What} is verified, the sale goes on")]
    public static partial void FenceOpened(ILogger logger, string what);

    [LoggerMessage(9, LogLevel.Warning, "The stock cannot be verified yet: {Reason}")]
    public static partial void CannotVerify(ILogger logger, Exception exception, string reason);

    [LoggerMessage(10, LogLevel.Warning, "The heartbeat of this instance failed: {Reason}")]
    public static partial void CannotShowLife(ILogger logger, Exception exception, string reason);

    [LoggerMessage(11, LogLevel.Information, "This instance has handed back its unconfirmed issuances for verification {Id}")]
    public static partial void HandedBack(ILogger logger, long id);

    [LoggerMessage(12, LogLevel.Warning, "Coupon {CouponId} was deleted and was in Redis again: it is removed")]
    public static partial void DeletedCouponRemoved(ILogger logger, long couponId);

    [LoggerMessage(
        13,
        LogLevel.Warning,
        "Verification {Id} gives up {Instance}: its last beat is older than a lease can last, and issuances that only it knows are not counted"
    )]
    public static partial void GivenUp(ILogger logger, long id, string instance);

    [LoggerMessage(
        14,
        LogLevel.Warning,
        "Coupon {CouponId}: ordinal {Ordinal} was handed back after its instance had been given up, and its number, its user or its seat was given "
            + "out again meanwhile: it is not sent any more"
    )]
    public static partial void HandedBackTooLate(ILogger logger, long couponId, long ordinal);

    [LoggerMessage(30, LogLevel.Warning, "Coupon {CouponId} was deleted, and MySQL has lost the deletion: it is deleted there again")]
    public static partial void DeletionRepeated(ILogger logger, long couponId);

    [LoggerMessage(31, LogLevel.Warning, "MySQL has lost coupon {CouponId} ({Title}, {Total} in all): its row is written again from what Redis has")]
    public static partial void CouponRestored(ILogger logger, long couponId, string title, long total);

    [LoggerMessage(32, LogLevel.Warning, "MySQL has lost a change of coupon {CouponId}: it is made again; {Total} in all, closed: {IsClosed}")]
    public static partial void CouponTermsRestored(ILogger logger, long couponId, long total, bool isClosed);

    [LoggerMessage(33, LogLevel.Warning, "MySQL is doubted, and its answers decide nothing until everything is verified: {Reason}")]
    public static partial void DatabaseDoubted(ILogger logger, string reason);

    [LoggerMessage(34, LogLevel.Warning, "MySQL server {Server} is accepted, as number {Epoch}: its lost rows are written again or on their way")]
    public static partial void DatabaseAccepted(ILogger logger, string server, long epoch);

    [LoggerMessage(
        35,
        LogLevel.Error,
        "Kafka has {Count} issuances of coupon {CouponId}, which is neither in MySQL nor in Redis and was not deleted"
    )]
    public static partial void CouponOnlyInKafka(ILogger logger, long couponId, int count);
}
