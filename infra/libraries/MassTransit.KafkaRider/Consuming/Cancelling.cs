namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Cancels without running, on the polling thread, what others have registered for it.</summary>
internal static class Cancelling
{
    /// <summary>The token counts as cancelled when this returns. Who listens is told on the thread pool, and may take its time or throw.</summary>
    public static void Begin(CancellationTokenSource source) =>
        source
            .CancelAsync()
            .ContinueWith(
                static told => LogContext.Warning?.Log(told.Exception!, "What was registered for a cancellation threw"),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );
}
