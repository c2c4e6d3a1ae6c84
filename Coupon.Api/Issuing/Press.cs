namespace Coupon.Api.Issuing;

/// <summary>One press of the button, as the script is asked about it.</summary>
/// <param name="UserId">The user, positive.</param>
/// <param name="IdempotencyKeyHash">See <see cref="IdempotencyKey"/>; null: none.</param>
public readonly record struct Press(long UserId, long? IdempotencyKeyHash);
