namespace Coupon.Api.Issuing;

/// <summary>Somebody presses the button.</summary>
public sealed class IssueRequest
{
    /// <summary>Who: a positive 64-bit number. Required.</summary>
    public long? UserId { get; init; }
}
