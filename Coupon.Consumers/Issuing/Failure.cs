namespace Coupon.Consumers.Issuing;

/// <summary>One message that is given up, and what a dead letter says of it.</summary>
/// <param name="Issuance">The message.</param>
/// <param name="Cause">One of <see cref="RejectionCauses"/>.</param>
/// <param name="Exception">The last failure.</param>
/// <param name="Attempts">How often writing it was tried, in whatever company.</param>
/// <param name="FirstFailedAt">When a batch with it failed first.</param>
/// <param name="LastFailedAt">When it failed last.</param>
internal sealed record Failure(
    Issuance Issuance,
    string Cause,
    Exception Exception,
    int Attempts,
    DateTimeOffset FirstFailedAt,
    DateTimeOffset LastFailedAt
);
