using MassTransit.KafkaIntegration.Consuming;

namespace Coupon.Tests.KafkaRider;

[NeedsNothing]
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
    public void Where_the_client_begins_is_to_be_committed_while_no_message_has_begun()
    {
        _offsets.StartAt(7);
        Assert.True(_offsets.TryTakeNext(out var next));
        Assert.Equal(7, next);
        _offsets.Complete(Begin(7));
        _offsets.StartAt(100);
        Assert.True(_offsets.TryTakeNext(out next));
        Assert.Equal(8, next);
    }

    [Fact]
    public void What_was_taken_and_put_back_is_taken_again()
    {
        _offsets.Complete(Begin(5));
        Assert.True(_offsets.TryTakeNext(out _));
        _offsets.PutBack();
        Assert.True(_offsets.TryTakeNext(out var next));
        Assert.Equal(6, next);
    }

    [Fact]
    public void Neighbours_that_are_done_together_wait_for_an_earlier_message_too()
    {
        var earlier = Begin(1);
        List<ContiguousOffsets.Entry> batch = [Begin(2), Begin(3), Begin(4)];
        _offsets.Complete(batch, 0, 2);
        Assert.Equal(1, _offsets.Next);
        _offsets.Complete(earlier);
        Assert.Equal(4, _offsets.Next);
        Assert.Equal(1, _offsets.UnderWay);
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
                if (offsets.TryTakeNext(out var next))
                    committed = next;
                Assert.Equal(Enumerable.Range(0, 31).First(index => !done.Contains(index)), committed);
            }
        });
    }

    private At Begin(long offset, ContiguousOffsets? offsets = null)
    {
        var entry = new At(offset);
        (offsets ?? _offsets).Begin(entry);
        return entry;
    }

    private sealed class At(long offset) : ContiguousOffsets.Entry
    {
        public override long Offset => offset;
    }
}
