using Coupon.Hosting.Background;
using Microsoft.Extensions.Logging;

namespace Coupon.Hosting.Audit;

/// <summary>Removes the actions that are older than the audit keeps them.</summary>
internal sealed class ActionRetention(ActionRecords records, AuditOptions options, TimeProvider time, ILogger<ActionRetention> logger)
    : PeriodicService(TimeSpan.FromHours(1), time, logger, startsAtOnce: true)
{
    protected override Task RunAsync(CancellationToken stoppingToken) => records.ForgetAsync(options.KeepFor, stoppingToken);
}
