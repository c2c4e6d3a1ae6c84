using Coupon.Consumers.Commands;

namespace Coupon.Tests.Consumers.Commands;

[NeedsNothing]
public sealed class CountedTests
{
    [Theory]
    [InlineData(0, "0 dead letters")]
    [InlineData(1, "1 dead letter")]
    [InlineData(2, "2 dead letters")]
    public void One_is_singular_and_every_other_number_is_plural(int count, string words) => Assert.Equal(words, Counted.Of(count, "dead letter"));
}
