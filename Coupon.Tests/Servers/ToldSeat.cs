namespace Coupon.Tests.Servers;

/// <summary>
/// A seat that somebody was told is theirs: as an answer to the press that took it, which waited for Kafka, or to a later one, which did not.
/// </summary>
internal sealed record ToldSeat(long UserId, long Ordinal, ToldSeat.Word By)
{
    public enum Word
    {
        Accepted,
        AlreadyIssued,
    }

    /// <summary>Users who were told two ordinals, and ordinals that two users were told.</summary>
    public static IEnumerable<string> Contradictions(IReadOnlyCollection<ToldSeat> told) =>
        told.GroupBy(seat => seat.UserId)
            .Where(user => user.DistinctBy(seat => seat.Ordinal).Skip(1).Any())
            .Select(user => $"user {user.Key}: {string.Join(", ", user)}")
            .Concat(
                told.GroupBy(seat => seat.Ordinal)
                    .Where(ordinal => ordinal.DistinctBy(seat => seat.UserId).Skip(1).Any())
                    .Select(ordinal => $"ordinal {ordinal.Key}: {string.Join(", ", ordinal)}")
            );
}
