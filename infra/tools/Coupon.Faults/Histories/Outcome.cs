namespace Coupon.Faults.Histories;

/// <summary>What is there when everything is over.</summary>
internal sealed record Outcome
{
    public required IReadOnlyList<SeatRow> Rows { get; init; }

    public required IReadOnlyList<LetterRow> Letters { get; init; }

    /// <summary>Ordinals that the service itself has given up for good, with a record of it.</summary>
    public required IReadOnlyList<long> Forgotten { get; init; }

    /// <summary>Users of other coupons that have more than one row, with the coupon.</summary>
    public IReadOnlyList<(long CouponId, long UserId)> TwoRowsOfOthers { get; init; } = [];

    /// <summary>Deleted coupons that MySQL has again, or of which it has rows.</summary>
    public IReadOnlyList<long> CameBack { get; init; } = [];

    /// <summary>The seats that exist in the end, restocks included.</summary>
    public required long Total { get; init; }

    /// <summary>The last balance; null: none could be read.</summary>
    public required BalanceReading? Balance { get; init; }

    /// <summary>From the end of the last fault until every process was ready and nothing was on its way; null: it did not come to that.</summary>
    public required TimeSpan? Recovery { get; init; }

    /// <summary>The bytes that each process wrote to its log.</summary>
    public required IReadOnlyDictionary<string, long> LogSizes { get; init; }

    /// <summary>How long the run took, from the start of the processes on.</summary>
    public required TimeSpan Length { get; init; }
}
