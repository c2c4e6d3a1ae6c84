namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Waits for deliveries to end, within a bound.</summary>
internal static class Deadline
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(20);

    public static void Wait(Func<bool> isOver, ManualResetEventSlim progress, TimeSpan timeout, CancellationToken stopBy)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!isOver() && !stopBy.IsCancellationRequested && TimeProvider.System.GetElapsedTime(started) < timeout)
        {
            progress.Wait(_step, CancellationToken.None);
            progress.Reset();
        }
    }
}
