namespace Coupon.Consumers.Consumption;

/// <summary>Something that consumption waits for.</summary>
/// <param name="Kind">What it waits for.</param>
/// <param name="Detail">The same in words, without secrets.</param>
/// <param name="Since">When the wait began.</param>
public sealed record Obstacle(ObstacleKind Kind, string Detail, DateTimeOffset Since);
