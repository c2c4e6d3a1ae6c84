namespace Coupon.Faults.Clients;

/// <summary>Waits that end early, without an exception, when the run ends.</summary>
internal static class Pauses
{
    public static async Task TakeAsync(TimeSpan pause, CancellationToken enough)
    {
        try
        {
            await Task.Delay(pause, TimeProvider.System, enough);
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
    }
}
