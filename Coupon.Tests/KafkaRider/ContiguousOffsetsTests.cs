using MassTransit.KafkaIntegration.Consuming;

namespace Coupon.Tests.KafkaRider;

public sealed class ContiguousOffsetsTests
{
    private readonly ContiguousOffsets _offsets = new();

    [Fact]
    public void Before_anything_is_done_the_first_message_is_to_be_committed_as_the_next_one_and_only_once()
    {
        Assert.False(_offsets.TryTakeNext(out _));
        Begin(5);
        Begin(6);
        Assert.True(_offsets.TryTakeNext(out var next));
        Assert.Equal(5, next);
        Assert.Equal(5, _offsets.Next);
        Assert.False(_offsets.TryTakeNext(out _));
    }

    [Fact]
    public void What_is_done_in_order_is_committed_up_to_the_next()
    {
        _offsets.Complete(Begin(5));
        Assert.True(_offsets.TryTakeNext(out var next));
        Assert.Equal(6, next);
        Assert.False(_offsets.TryTakeNext(out _));
    }

    [Fact]
    public void A_later_message_waits_for_the_earlier_ones()
    {
        var first = Begin(0);
        var second = Begin(1);
        var third = Begin(2);
        Assert.True(_offsets.TryTakeNext(out var next));
        Assert.Equal(0, next);
        _offsets.Complete(third);
        _offsets.Complete(second);
        Assert.False(_offsets.TryTakeNext(out _));
        _offsets.Complete(first);
        Assert.True(_offsets.TryTakeNext(out next));
        Assert.Equal(3, next);
        Assert.Equal(0, _offsets.UnderWay);
    }

    [Fact]
    public void Gaps_between_offsets_are_no_messages()
    {
        var first = Begin(10);
        var second = Begin(20);
        _offsets.Complete(first);
        Assert.True(_offsets.TryTakeNext(out var next));
        Assert.Equal(11, next);
        _offsets.Complete(second);
        Assert.True(_offsets.TryTakeNext(out next));
        Assert.Equal(21, next);
    }

    [Fact]
    public void In_any_order_of_completion_exactly_the_done_prefix_is_committed()
    {
        CsCheck.Check.Sample(CsCheck.Gen.Shuffle(Enumerable.Range(0, 30).ToArray()), order =>
        {
            var offsets = new ContiguousOffsets();
            var entries = Enumerable.Range(0, 30).Select(offset => Begin(offset, offsets)).ToList();
            var done = new HashSet<int>();
            long committed = 0;
            foreach (var offset in order)
            {
                offsets.Complete(entries[offset]);
                done.Add(offset);
                if (offsets.TryTakeNext(out var next)) committed = next;
                Assert.Equal(Enumerable.Range(0, 31).First(index => !done.Contains(index)), committed);
            }
        });
    }

    private ContiguousOffsets.Entry Begin(long offset, ContiguousOffsets? offsets = null)
    {
        var entry = new ContiguousOffsets.Entry(offset);
        (offsets ?? _offsets).Begin(entry);
        return entry;
    }
}
