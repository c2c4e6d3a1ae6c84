namespace Coupon.Consumers.DeadLetters;

/// <summary>A header of a Kafka message. Names may repeat.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The bytes; null is a value too.</param>
internal readonly record struct MessageHeader(string Name, byte[]? Value);
