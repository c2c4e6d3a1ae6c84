using Coupon.Faults.Histories;

namespace Coupon.Faults.Runs;

/// <summary>The time without service.</summary>
internal static class Outage
{
    /// <summary>The longest time between two answers of the service that decided something.</summary>
    public static TimeSpan Longest(IEnumerable<Answer> answers)
    {
        var (last, longest) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var at in answers.Where(answer => answer.IsService).Select(answer => answer.Received).Order())
        {
            longest = at - last > longest ? at - last : longest;
            last = at;
        }

        return longest;
    }
}
