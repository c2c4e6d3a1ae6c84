using System.Globalization;
using Coupon.Api.Problems;
using Coupon.Database;
using Coupon.Stock;
using Microsoft.EntityFrameworkCore;
using StackExchange.Redis;

namespace Coupon.Api.Issuing;

/// <summary>
/// Says where an issuance stands: the row, the dead letter, or neither yet. MySQL is asked first, so that a row is found also where
/// Redis is away or has let the coupon expire.
/// </summary>
internal sealed class IssuanceFinder(IDbContextFactory<CouponDbContext> databases, IConnectionMultiplexer redis)
{
    public async Task<(IssuanceStatusResponse? Found, Refusal? Refusal)> FindAsync(long couponId, long userId, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var row = await database.IssuedCoupons.AsNoTracking()
            .SingleOrDefaultAsync(issued => issued.UserId == userId && issued.CouponId == couponId, cancellationToken);
        if (row is not null)
        {
            return (new IssuanceStatusResponse(
                IssuanceId.Of(couponId, row.Ordinal), couponId, row.Ordinal, userId, row.IssuedAt, IssuanceStatus.Issued, row.PersistedAt), null);
        }

        if (await SeatAsync(couponId, userId) is not var (ordinal, issuedAt))
        {
            var exists = await database.Coupons.AnyAsync(coupon => coupon.Id == couponId, cancellationToken);
            return (null, new Refusal(exists ? ProblemKinds.NotIssued : ProblemKinds.UnknownCoupon));
        }

        var deadLetter = await database.DeadLetters.AsNoTracking()
            .Where(letter => letter.CouponId == couponId && letter.Ordinal == ordinal && letter.UserId == userId)
            .OrderByDescending(letter => letter.LastFailedAt).FirstOrDefaultAsync(cancellationToken);
        var seat = new IssuanceStatusResponse(IssuanceId.Of(couponId, ordinal), couponId, ordinal, userId, issuedAt, IssuanceStatus.Pending);
        return deadLetter?.State switch
        {
            DeadLetterState.Open => (seat with { Status = IssuanceStatus.Failed, Reason = deadLetter.Cause }, null),

            // An operator took the seat back for good.
            DeadLetterState.Discarded => (null, new Refusal(ProblemKinds.NotIssued, "The issuance was discarded by an operator.")),
            _ => (seat, null),
        };
    }

    private async Task<(long Ordinal, DateTimeOffset IssuedAt)?> SeatAsync(long couponId, long userId)
    {
        var held = (string?)await redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).Users, userId);
        return HeldSeat.TryParseUser(couponId, userId.ToString(CultureInfo.InvariantCulture), held, out var seat)
            ? (seat.Ordinal, DateTimeOffset.FromUnixTimeMilliseconds(seat.IssuedAtMs)) : null;
    }
}
