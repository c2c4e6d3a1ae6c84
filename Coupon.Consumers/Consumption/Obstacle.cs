namespace Coupon.Consumers.Consumption;

/// <summary>Something that consumption waits for.</summary>
/// <param name="Trouble">What.</param>
/// <param name="Detail">In words.</param>
/// <param name="Since">Since when.</param>
public sealed record Obstacle(Trouble Trouble, string Detail, DateTimeOffset Since);
