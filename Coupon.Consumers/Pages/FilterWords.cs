using System.Globalization;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Pages;

/// <summary>A filter in words, for the operator who is asked.</summary>
internal static class FilterWords
{
    /// <summary>Each restriction; <c>all dead letters</c> where there is none.</summary>
    public static string Of(DeadLetterFilter filter)
    {
        var words = Parts(filter).ToList();
        return words.Count == 0 ? "all dead letters" : string.Join(", ", words);
    }

    private static IEnumerable<string> Parts(DeadLetterFilter filter)
    {
        if (filter.Ids is { } ids)
            yield return ids.Count == 1 ? $"the dead letter {ids[0]}" : $"the {PageFormat.Number(ids.Count)} selected";
        if (filter.States is { Count: > 0 } states)
            yield return $"state {string.Join(" or ", states)}";
        if (filter.Cause is { } cause)
            yield return $"cause {cause}";
        if (filter.FailedIn is { } frame)
            yield return frame == DeadLetterFilter.NoFrame ? "failed in no known place" : $"failed in {frame}";
        if (filter.CouponId is { } coupon)
            yield return string.Create(CultureInfo.InvariantCulture, $"coupon {coupon}");
        if (filter.UserId is { } user)
            yield return string.Create(CultureInfo.InvariantCulture, $"user {user}");
        if (filter.Text is { } text)
            yield return $"with the text “{text}”";
        if (filter.Since is { } since)
            yield return $"failed since {PageFormat.Time(since.UtcDateTime)} (UTC)";
        if (filter.Until is { } until)
            yield return $"failed before {PageFormat.Time(until.UtcDateTime)} (UTC)";
        if (filter.Topic is { } topic)
            yield return $"from {new Origin(topic, filter.Partition, filter.Offset)}";
    }
}
