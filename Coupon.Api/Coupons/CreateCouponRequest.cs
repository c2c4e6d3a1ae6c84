using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coupon.Api.Http;
using Coupon.Database;
using Coupon.Hosting.Http;

namespace Coupon.Api.Coupons;

/// <summary>A new coupon.</summary>
public sealed class CreateCouponRequest
{
    /// <summary>The largest total of a coupon, restocks included.</summary>
    public const long MaxTotalQuantity = CouponRow.MaxTotalQuantity;

    /// <summary>
    /// The title that people see: 1 to 200 characters, at least one of them visible, no control characters and none that change the direction of
    /// text. Required.
    /// </summary>
    [Required]
    [StringLength(CouponRow.MaxTitleLength, MinimumLength = 1)]
    [JsonConverter(typeof(WellFormedText))]
    public string? Title { get; init; }

    /// <summary>How many exist: 1 to 1,000,000,000. Required.</summary>
    [Required]
    [Range(1, MaxTotalQuantity)]
    public long? TotalQuantity { get; init; }

    /// <summary>From when it is given out, with a zone; left out: from the start.</summary>
    [JsonConverter(typeof(ZonedTime))]
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>Until when it is given out, exclusive, with a zone; left out: until it is closed by hand.</summary>
    [JsonConverter(typeof(ZonedTime))]
    public DateTimeOffset? ClosesAt { get; init; }

    internal RequestFaults FaultsAt(DateTimeOffset now) =>
        new RequestFaults()
            .Unless(!string.IsNullOrWhiteSpace(Title), "title", "is required")
            .Unless(Title is not { Length: > CouponRow.MaxTitleLength }, "title", $"must be {CouponRow.MaxTitleLength} characters or shorter")
            .Unless(TitleFault is null, "title", TitleFault ?? "")
            .Unless(TotalQuantity is not null, "totalQuantity", "is required")
            .Unless(TotalQuantity is null or (> 0 and <= MaxTotalQuantity), "totalQuantity", $"must be 1 to {MaxTotalQuantity}")
            .Unless(ClosesAt is null || ClosesAt > now, "closesAt", "must be in the future")
            .Unless(OpensAt is null || ClosesAt is null || OpensAt < ClosesAt, "closesAt", "must be after opensAt");

    private string? TitleFault => string.IsNullOrWhiteSpace(Title) ? null : PlainText.FindFault(Title);

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

    // Truncated here: the column has milliseconds and MySQL would round, and Redis must get the same time as MySQL.
    private static DateTime? Milliseconds(DateTimeOffset? time) =>
        time is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value.ToUnixTimeMilliseconds()).UtcDateTime : null;
}
