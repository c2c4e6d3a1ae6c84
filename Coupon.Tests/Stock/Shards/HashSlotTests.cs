using System.Text;
using Coupon.Stock.Shards;

namespace Coupon.Tests.Stock.Shards;

[NeedsNothing]
public sealed class HashSlotTests
{
    // The first is the example of the specification of the cluster; the others are what CLUSTER KEYSLOT of Redis 7.0 answers.
    [Theory]
    [InlineData("123456789", 12_739)]
    [InlineData("c1", 14_347)]
    public void The_slot_of_a_tag_is_the_one_that_Redis_computes(string tag, int slot) =>
        Assert.Equal(slot, HashSlot.Of(Encoding.ASCII.GetBytes(tag)));

    [Fact]
    public void The_slot_of_a_coupon_is_the_one_that_Redis_computes_for_its_keys() => Assert.Equal(2_427, HashSlot.OfCoupon(118_127_870_748_097));

    [Fact]
    public void Keys_of_a_shard_are_in_the_slot_that_it_is_named_after()
    {
        foreach (var name in new[] { "0", "8812", "16383" })
        {
            var key = (string)ShardKeys.Of(name).Standing!;
            var tag = key[(key.IndexOf('{', StringComparison.Ordinal) + 1)..^1];

            Assert.Equal(name, HashSlot.Of(Encoding.ASCII.GetBytes(tag)).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Slots_are_read_as_they_were_written()
    {
        var slots = SlotSet.Parse("0-99 101 16383");

        Assert.Equal("0-99 101 16383", slots.ToString());
        Assert.Equal(102, slots.All().Count());
        Assert.False(slots.Contains(100));
        Assert.True(slots.Meets(SlotSet.Parse("101-200")));
        Assert.False(slots.Meets(SlotSet.Parse("102-200")));
    }

    [Fact]
    public void A_shard_that_gets_one_slot_after_the_other_has_few_names()
    {
        var names = Enumerable.Range(1, 1365).Select(count => Shard.Of(new SlotSet([(0, count - 1)])).Name).Distinct();

        Assert.InRange(names.Count(), 1, 10);
    }
}
