using Coupon.Tests.Servers;
using MassTransit.KafkaIntegration.Producing;

namespace Coupon.Tests.KafkaRider;

[NeedsNothing]
public sealed class ClientUseTests
{
    [Fact]
    public void Nobody_enters_after_the_end()
    {
        var use = new ClientUse();
        Assert.True(use.TryEnter());
        use.Leave();

        Assert.True(use.End(TimeSpan.Zero));

        Assert.False(use.TryEnter());
    }

    [Fact]
    public async Task The_end_waits_for_those_that_are_inside()
    {
        var use = new ClientUse();
        Assert.True(use.TryEnter());
        Assert.True(use.TryEnter());

        var end = Task.Run(() => use.End(TimeSpan.FromMinutes(1)), TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => !TryCall(use));
        use.Leave();
        Assert.False(end.IsCompleted);
        use.Leave();

        Assert.True(await end);
    }

    [Fact]
    public void The_end_says_that_somebody_is_still_inside()
    {
        var use = new ClientUse();
        Assert.True(use.TryEnter());

        Assert.False(use.End(TimeSpan.Zero));
    }

    private static bool TryCall(ClientUse use)
    {
        var hasEntered = use.TryEnter();
        if (hasEntered)
            use.Leave();
        return hasEntered;
    }
}
