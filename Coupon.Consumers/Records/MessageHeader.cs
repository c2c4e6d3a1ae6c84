namespace Coupon.Consumers.Records;

/// <summary>A header of a Kafka message. Names may repeat.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The bytes; null is a value of its own in Kafka, unlike no bytes.</param>
internal readonly record struct MessageHeader(string Name, byte[]? Value);
