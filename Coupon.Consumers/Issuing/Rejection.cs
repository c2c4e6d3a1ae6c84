namespace Coupon.Consumers.Issuing;

/// <summary>One message that contradicts what the database holds.</summary>
/// <param name="Issuance">The message.</param>
/// <param name="Cause">One of <see cref="RejectionCauses"/>.</param>
/// <param name="Exception">Says what is in the way.</param>
internal readonly record struct Rejection(Issuance Issuance, string Cause, Exception Exception);
