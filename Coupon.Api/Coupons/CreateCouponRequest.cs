using Coupon.Api.Http;
using Coupon.Api.Problems;
using Coupon.Database;

namespace Coupon.Api.Coupons;

/// <summary>A new coupon.</summary>
public sealed class CreateCouponRequest
{
    /// <summary>The most that a coupon can have, in all its restocks.</summary>
    public const long MaxTotalQuantity = 1_000_000_000;

    /// <summary>What people see: 1 to 200 characters. Required.</summary>
    public string? Title { get; init; }

    /// <summary>How many exist: 1 to 1,000,000,000. Required.</summary>
    public long? TotalQuantity { get; init; }

    /// <summary>From when it is given out; left out: from the start.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>Until when it is given out, exclusive; left out: until it is closed by hand.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    internal Refusal? Validate(DateTimeOffset now) =>
        new InvalidRequest()
            .Unless(!string.IsNullOrWhiteSpace(Title), "title", "is required")
            .Unless(Title is not { Length: > CouponRow.MaxTitleLength }, "title", $"must be {CouponRow.MaxTitleLength} characters or shorter")
            .Unless(TotalQuantity is not null, "totalQuantity", "is required")
            .Unless(TotalQuantity is null or (> 0 and <= MaxTotalQuantity), "totalQuantity", $"must be 1 to {MaxTotalQuantity}")
            .Unless(ClosesAt is null || ClosesAt > now, "closesAt", "must be in the future")
            .Unless(OpensAt is null || ClosesAt is null || OpensAt < ClosesAt, "closesAt", "must be after opensAt")
            .Refusal;

    internal CouponRow ToRow(long id, DateTime now) =>
        new()
        {
            Id = id,
            Title = Title!,
            TotalQuantity = TotalQuantity!.Value,
            OpensAt = Milliseconds(OpensAt),
            ClosesAt = Milliseconds(ClosesAt),
            CreatedAt = now,
            ReadAt = now,
        };

    // The database keeps milliseconds and would round; the stock must hear the same time.
    internal static DateTime? Milliseconds(DateTimeOffset? time) =>
        time is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value.ToUnixTimeMilliseconds()).UtcDateTime : null;
}
