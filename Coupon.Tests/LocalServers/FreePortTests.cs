using Coupon.LocalServers;

namespace Coupon.Tests.LocalServers;

[NeedsNothing]
public sealed class FreePortTests
{
    [Fact]
    public void Nobody_is_given_a_port_that_somebody_here_has_already()
    {
        // Of 12,000, drawn by chance, some come twice among so many.
        int[] ports = [.. Enumerable.Range(0, 500).Select(_ => FreePort.Next())];

        Assert.Equal(ports.Length, ports.Distinct().Count());
    }
}
