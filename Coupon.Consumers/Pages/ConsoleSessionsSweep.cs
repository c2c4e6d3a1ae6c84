using Coupon.Hosting.Background;

namespace Coupon.Consumers.Pages;

/// <summary>Removes the sessions that have ended by themselves.</summary>
internal sealed class ConsoleSessionsSweep(ConsoleSessions sessions, TimeProvider time, ILogger<ConsoleSessionsSweep> logger)
    : PeriodicService(TimeSpan.FromHours(1), time, logger)
{
    protected override Task RunAsync(CancellationToken stoppingToken) => sessions.ForgetEndedAsync(stoppingToken);
}
