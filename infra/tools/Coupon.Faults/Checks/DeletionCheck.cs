using System.Globalization;
using Coupon.Faults.Histories;

namespace Coupon.Faults.Checks;

/// <summary>Once the deletion of a coupon was acknowledged, nobody is told a seat of it, and neither the coupon nor a row comes back.</summary>
internal static class DeletionCheck
{
    public static IEnumerable<Violation> Find(History history, Outcome outcome)
    {
        foreach (var press in history.PressesOfDeleted.Where(press => press.Text.Contains("\"ordinal\"", StringComparison.Ordinal)))
            yield return new Violation(
                Promise.Deleted,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"User {press.UserId} was told a seat of coupon {press.CouponId}, which had been deleted, by {press.Instance} at "
                        + $"{press.Sent.TotalSeconds:F1} s: {press.Status} {press.Text}"
                )
            );
        foreach (var coupon in outcome.CameBack)
            yield return new Violation(
                Promise.Deleted,
                string.Create(CultureInfo.InvariantCulture, $"Coupon {coupon} was deleted, and MySQL has it, or rows of it, in the end.")
            );
    }
}
