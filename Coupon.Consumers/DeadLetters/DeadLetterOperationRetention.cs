using Coupon.Hosting.Audit;
using Coupon.Hosting.Background;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Removes the operations that are older than the audit of their actions.</summary>
internal sealed class DeadLetterOperationRetention(
    DeadLetterOperations operations,
    AuditOptions options,
    TimeProvider time,
    ILogger<DeadLetterOperationRetention> logger
) : PeriodicService(TimeSpan.FromHours(1), time, logger)
{
    protected override Task RunAsync(CancellationToken stoppingToken) => operations.ForgetAsync(options.KeepFor, stoppingToken);
}
