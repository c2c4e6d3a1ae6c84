using Coupon.Stock.Tail;

namespace Coupon.Stock.Balance;

/// <summary>Assigns every ordinal to the furthest place where it was seen.</summary>
internal sealed class BalanceSheet(StockReading stock, UnreadOrdinals unread, MySqlReading mySql)
{
    private readonly OrdinalSet _inKafka = unread.Issued(mySql.Coupon.Id);
    private readonly OrdinalSet _deadLettered = unread.DeadLettered(mySql.Coupon.Id);

    public CouponBalance Add(long aheadOfRedis)
    {
        long deadLetters = 0,
            voided = 0,
            kafka = 0,
            outbox = 0,
            missingCount = 0;
        var missing = new List<long>();
        foreach (var ordinal in WithoutRow())
        {
            // A late copy of what was discarded is refused, and is a dead letter itself: it holds no seat. A forgotten ordinal that turns up does.
            if (mySql.Discarded.Contains(ordinal))
                voided++;
            else if (mySql.DeadLetters.Contains(ordinal) || _deadLettered.Contains(ordinal))
                deadLetters++;
            else if (mySql.Forgotten.Contains(ordinal))
                voided++;
            else if (_inKafka.Contains(ordinal))
                kafka++;
            else if (stock.Outbox.Contains(ordinal))
                outbox++;
            else if (++missingCount <= CouponBalance.MaxNamed)
                missing.Add(ordinal);
        }

        var issued = mySql.Persisted + deadLetters + voided + kafka + outbox + missingCount;

        // Which of the voided gave their seat back is Redis's to say, in the same breath as what remains: the two are changed together.
        var returned = stock.Loaded ? stock.Returned : mySql.Coupon.ReturnedQuantity;
        return new CouponBalance
        {
            CouponId = mySql.Coupon.Id,
            Total = stock.Loaded ? stock.Total : mySql.Coupon.TotalQuantity,
            Remaining = stock.Loaded ? stock.Remaining : CouponTerms.Remaining(mySql.Coupon.TotalQuantity, returned, issued),
            Issued = issued,
            Outbox = outbox,
            InKafka = kafka,
            Persisted = mySql.Persisted,
            OpenDeadLetters = deadLetters,
            Voided = voided - returned,
            Returned = returned,
            MissingCount = missingCount,
            Missing = missing,
            AheadOfRedis = aheadOfRedis,
            Loaded = stock.Loaded,
        };
    }

    private IEnumerable<long> WithoutRow()
    {
        foreach (var (from, to) in mySql.Gaps)
        {
            for (var ordinal = from; ordinal <= to; ordinal++)
                yield return ordinal;
        }
    }
}
