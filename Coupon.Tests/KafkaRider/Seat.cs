namespace Coupon.Tests.KafkaRider;

/// <summary>What the rider's tests send: numbered, so that every count is by id.</summary>
public sealed record Seat(int Number, string Row = "A");
