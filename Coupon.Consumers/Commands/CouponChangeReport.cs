using Coupon.Stock;

namespace Coupon.Consumers.Commands;

/// <summary>What a command says of the change of a coupon, and its exit code.</summary>
internal sealed record CouponChangeReport(int Code, string Words)
{
    /// <summary>A change that MySQL has.</summary>
    public static CouponChangeReport Of(string words, StockFollowing following) =>
        following switch
        {
            StockFollowing.Away => new(
                ExitCodes.Partly,
                $"{words} Redis does not answer: an instance of the API brings it the change when it does. Do not repeat the command."
            ),
            StockFollowing.NotLoaded => new(
                ExitCodes.Done,
                $"{words} Redis does not have the coupon: where its sale goes on, an instance of the API verifies it."
            ),
            _ => new(ExitCodes.Done, words),
        };
}
