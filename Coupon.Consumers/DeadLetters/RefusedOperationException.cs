namespace Coupon.Consumers.DeadLetters;

/// <summary>What the operator asked for must not be done with this entry; the message says why. Nothing has changed.</summary>
internal sealed class RefusedOperationException(string message) : Exception(message);
