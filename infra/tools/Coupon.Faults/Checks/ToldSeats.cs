using Coupon.Faults.Histories;

namespace Coupon.Faults.Checks;

/// <summary>Who was told which ordinal: the answers that <see cref="DocumentedLoss"/> does not excuse, and those that it does.</summary>
internal sealed class ToldSeats
{
    public ToldSeats(IEnumerable<Answer> answers, DocumentedLoss losses)
    {
        var seats = answers.Where(answer => answer.Tells).GroupBy(answer => (answer.Ordinal, answer.UserId)).ToList();
        Excused = seats.Where(seat => losses.Excuses([.. seat])).Select(seat => seat.Key).ToHashSet();
        Binding = [.. seats.Select(seat => seat.Key).Where(seat => !Excused.Contains(seat))];
        _told = [.. seats.Select(seat => seat.Key)];
        _hasLoss = losses.MayHaveHappened;
        Accepted = seats.Where(seat => seat.Any(answer => answer.Kind == AnswerKind.Accepted)).Select(seat => seat.Key).ToHashSet();
    }

    private readonly HashSet<(long Ordinal, long UserId)> _told;
    private readonly bool _hasLoss;

    /// <summary>What must stay true.</summary>
    public IReadOnlyList<(long Ordinal, long UserId)> Binding { get; }

    /// <summary>What docs/durability.md allows to be lost, for the faults of this run.</summary>
    public IReadOnlySet<(long Ordinal, long UserId)> Excused { get; }

    /// <summary>What was told with a 202, excused or not.</summary>
    public IReadOnlySet<(long Ordinal, long UserId)> Accepted { get; }

    /// <summary>Whether a seat was lost as documented, or may have been before anybody was told of it.</summary>
    public bool MayBeGone(long ordinal, long userId) => Excused.Contains((ordinal, userId)) || (_hasLoss && !_told.Contains((ordinal, userId)));
}
