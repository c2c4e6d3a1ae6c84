namespace Coupon.Consumers.Issuing;

/// <summary>Says why a message can never be written, where no exception of the database does.</summary>
/// <param name="message">For the operator: what is in the way, with its numbers.</param>
internal sealed class RejectedIssuanceException(string message) : Exception(message);
