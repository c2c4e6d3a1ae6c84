using Coupon.Consumers.Consumption;
using Microsoft.Extensions.Time.Testing;

namespace Coupon.Tests.Consumers.Consumption;

[NeedsNothing]
public sealed class DeadLetterValveTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_single_failure_on_a_quiet_day_is_admitted() => Assert.Equal(100, Valve().Admits(1));

    [Fact]
    public void The_share_counts_what_was_recent()
    {
        var valve = Valve();
        valve.Record(1000, 150);

        Assert.Equal(70, valve.Admits(100));
    }

    [Fact]
    public void What_is_not_recent_any_more_is_forgotten()
    {
        var valve = Valve();
        valve.Record(500, 100);
        Assert.Equal(0, valve.Admits(1));

        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(100, valve.Admits(1));
    }

    [Fact]
    public void Released_it_stays_open_for_a_period_and_then_judges_again()
    {
        var valve = Valve();
        valve.Record(500, 500);
        valve.Release();
        Assert.Equal(int.MaxValue, valve.Admits(1));

        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(100, valve.Admits(1));
    }

    private DeadLetterValve Valve() =>
        new(
            new ValveOptions
            {
                MaxShare = 0.2,
                MinimumMessages = 500,
                Period = TimeSpan.FromMinutes(1),
            },
            _time
        );
}
