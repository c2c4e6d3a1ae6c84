using Coupon.Stock;
using Coupon.Stock.Fence;
using Coupon.Stock.Verification;
using Microsoft.Extensions.Time.Testing;

namespace Coupon.Tests.Stock.Fence;

/// <summary>A lease ends by the clock, also for whoever looks at it only when it is over.</summary>
public sealed class LeaseTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly VerificationOptions _options = new();

    [Fact]
    public void It_ends_by_itself_and_what_was_asked_in_it_counts_no_longer()
    {
        var lease = new Lease("", _time, _options);
        lease.Open(In(3), epoch: 7);
        var term = lease.Enter();
        Assert.Equal((true, true, 7), (term.MayIssue, Holds(term), term.Epoch));

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.False(lease.Enter().MayIssue);
        Assert.False(Holds(term));
        Assert.False(lease.TryRenew(In(3), epoch: 7));
    }

    [Fact]
    public void Renewed_in_time_it_is_the_same_term_and_a_late_renewal_shortens_nothing()
    {
        var lease = new Lease("", _time, _options);
        lease.Open(In(3), epoch: 7);
        var term = lease.Enter();

        Assert.True(lease.TryRenew(In(5), epoch: 7));
        Assert.True(lease.TryRenew(In(1), epoch: 7));
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Same(term, lease.Enter());
        Assert.True(Holds(term));
    }

    [Fact]
    public void Closed_and_opened_again_it_is_another_term()
    {
        var lease = new Lease("", _time, _options);
        lease.Open(In(3), epoch: 7);
        var term = lease.Enter();

        lease.Close();
        Assert.Same(LeaseTerm.Closed, lease.Enter());
        lease.Open(In(3), epoch: 7);

        Assert.False(Holds(term));
        Assert.True(Holds(lease.Enter()));
    }

    [Fact]
    public void A_verification_in_between_begins_another_term()
    {
        var lease = new Lease("", _time, _options);
        lease.Open(In(3), epoch: 7);
        var term = lease.Enter();

        Assert.True(lease.TryRenew(In(3), epoch: 8));

        Assert.False(Holds(term));
        Assert.Equal(8, lease.Enter().Epoch);
    }

    [Fact]
    public void A_verification_waits_for_the_instance_until_some_time_after_it_whatever_ended_it()
    {
        var lease = new Lease("", _time, _options);
        Assert.False(lease.IsWaitedFor);
        lease.Open(In(3), epoch: 7);
        lease.Close();
        _time.Advance(TimeSpan.FromSeconds(3) + _options.WaitedForAfterLease - TimeSpan.FromTicks(1));
        Assert.True(lease.IsWaitedFor);

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.False(lease.IsWaitedFor);
    }

    private bool Holds(LeaseTerm term) => term.HoldsAt(_time.GetTimestamp());

    private long In(int seconds) => _time.GetTimestamp() + (seconds * _time.TimestampFrequency);
}
