namespace Coupon.Tests.KafkaRider;

/// <summary>Waits for what happens elsewhere, with a bound that only a failure reaches.</summary>
public static class Eventually
{
    public static async Task AsyncTrue(Func<bool> condition, int timeoutSeconds = 60, Func<string>? otherwise = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(timeoutSeconds))
                Assert.Fail($"Not within {timeoutSeconds} s. {otherwise?.Invoke()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
