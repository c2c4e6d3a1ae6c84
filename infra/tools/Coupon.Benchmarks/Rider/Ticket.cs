namespace Coupon.Benchmarks.Rider;

/// <summary>As large as what the service sends.</summary>
public sealed record Ticket(long CouponId, long Ordinal, long UserId, DateTimeOffset IssuedAt)
{
    public static Ticket Of(int number) => new(17, number, 1_000_000 + number, DateTimeOffset.UnixEpoch.AddMilliseconds(number));
}
