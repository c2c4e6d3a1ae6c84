using System.ComponentModel.DataAnnotations;

namespace Coupon.Hosting.Stopping;

/// <summary>Section <c>Stop</c>: how the program leaves those that send it requests.</summary>
public sealed class StopOptions
{
    /// <summary>
    /// How long the ports stay open after the program was asked to stop. Meanwhile <c>/health/ready</c> answers 503, requests are answered as before,
    /// and each answer ends its connection, so that balancers and clients turn to another instance before this one is gone. It should be longer than
    /// the balancer takes to notice, and comes on top of the time that the stop itself takes. Default 2 s. 0: the ports close at once.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(2);
}
