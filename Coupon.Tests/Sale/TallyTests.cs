using Coupon.Sale.Load;

namespace Coupon.Tests.Sale;

[NeedsNothing]
public sealed class TallyTests
{
    private static readonly HttpAnswer _soldOut = new(409, 0, "sold-out");

    [Fact]
    public void Answers_that_agree_are_no_contradiction() =>
        Assert.Empty(Contradictions((11, _soldOut), (12, Accepted(1)), (12, Holds(1)), (12, Holds(1)), (13, _soldOut), (13, _soldOut)));

    [Fact]
    public void A_place_belongs_to_one() =>
        Assert.Equal(["place 1 was given to user 11 and to user 12"], Contradictions((11, Accepted(1)), (12, Accepted(1))));

    [Fact]
    public void An_acceptance_names_a_place() =>
        Assert.Equal(["user 11 was accepted without a place in the queue"], Contradictions((11, Accepted(0))));

    [Fact]
    public void A_user_is_not_accepted_twice() =>
        Assert.Equal(["user 11 was accepted twice: place 1, then 2"], Contradictions((11, Accepted(1)), (11, Accepted(2))));

    [Fact]
    public void Nor_is_the_same_place_given_twice_to_its_user() =>
        Assert.Equal(["user 11 was accepted twice: place 1, then 1"], Contradictions((11, Accepted(1)), (11, Accepted(1))));

    [Fact]
    public void A_holder_is_told_the_same_place_again() =>
        Assert.Equal(["user 11 was given place 1, then told place 2"], Contradictions((11, Accepted(1)), (11, Holds(2))));

    [Fact]
    public void A_holder_is_not_told_that_nothing_is_left() =>
        Assert.Equal(["user 11, who has place 1, was told that it is sold out"], Contradictions((11, Accepted(1)), (11, _soldOut)));

    [Fact]
    public void Nobody_is_told_the_place_of_another() =>
        Assert.Equal(["user 12 was told place 1, which is user 11's"], Contradictions((11, Accepted(1)), (12, Holds(1))));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 10)]
    [InlineData(0.95, 19)]
    [InlineData(0.99, 20)]
    [InlineData(1, 20)]
    public void A_percentile_is_the_first_value_that_so_many_do_not_exceed(double share, double milliseconds)
    {
        var tally = new Tally(20);
        for (var latency = 20; latency > 0; latency--)
            tally.Add(userId: latency, _soldOut, latency, now: 1);
        Assert.Equal(milliseconds, tally.Percentile(share, ticksPerSecond: 1000));
    }

    private static HttpAnswer Accepted(long ordinal) => new(202, ordinal, null);

    private static HttpAnswer Holds(long ordinal) => new(409, ordinal, "already-issued");

    private static string[] Contradictions(params (long User, HttpAnswer Answer)[] answers)
    {
        var tally = new Tally(answers.Length);
        foreach (var (user, answer) in answers)
            tally.Add(user, answer, latencyTicks: 1, now: 1);
        return [.. tally.Contradictions];
    }
}
