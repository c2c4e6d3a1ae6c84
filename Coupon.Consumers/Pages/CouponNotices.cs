using System.Globalization;
using Coupon.Stock;
using Coupon.Stock.Verification;

namespace Coupon.Consumers.Pages;

/// <summary>What came of a change, on the page of its coupon. As <see cref="Notices"/>, words and numbers in the address, and no text.</summary>
internal static class CouponNotices
{
    public static string Restocked(long total, StockFollowing following) =>
        string.Create(CultureInfo.InvariantCulture, $"restocked-{total}-{(int)following}");

    public static string Closed(StockFollowing following) => string.Create(CultureInfo.InvariantCulture, $"closed-{(int)following}");

    public static string Rebuilt(CouponFindings findings) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"rebuilt-{findings.UsersAdded}-{findings.OutboxAdded}-{findings.OrdinalsForgotten}-{findings.OrdinalsMissing}-{findings.Conflicts}"
        );

    /// <summary>The sentence; null: there is none.</summary>
    public static string? Text(string? notice)
    {
        if (notice?.Split('-') is not [var word, .. var parts])
            return null;
        var numbers = parts
            .Select(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .ToArray();
        if (numbers.Contains(-1))
            return null;
        return (word, numbers) switch
        {
            ("restocked", [var total, var following]) => $"The total is {PageFormat.Number(total)} now.{Following(following)}",
            ("closed", [var following]) => $"It is closed for good.{Following(following)}",
            ("rebuilt", [var users, var again, var forgotten, var missing, var conflicts]) =>
                $"Verified. Holders that Redis had forgotten: {PageFormat.Number(users)}. Sent again: {PageFormat.Number(again)}. "
                    + $"Forgotten ordinals: {PageFormat.Number(forgotten)}. Missing: {PageFormat.Number(missing)}. "
                    + $"Conflicts: {PageFormat.Number(conflicts)}.",
            _ => null,
        };
    }

    private static string Following(long following) =>
        (StockFollowing)following switch
        {
            StockFollowing.Away => " Redis does not answer: an instance of the API brings it the change when it does.",
            StockFollowing.NotLoaded => " Redis does not have the coupon: where its sale goes on, an instance of the API verifies it.",
            _ => "",
        };
}
