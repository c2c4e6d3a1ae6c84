namespace Coupon.Consumers.Issuing;

/// <summary>A message that cannot be written. It is a rejection until it has been published, and a dead letter from then on.</summary>
/// <param name="Issuance">The message.</param>
/// <param name="Cause">One of <see cref="RejectionCauses"/>.</param>
/// <param name="Exception">The reason.</param>
internal sealed record Rejection(Issuance Issuance, string Cause, Exception Exception)
{
    /// <summary>How often a transaction with this message was tried.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>When a transaction with it failed first.</summary>
    public DateTimeOffset FirstFailedAt { get; init; }

    /// <summary>When a transaction with it failed last.</summary>
    public DateTimeOffset LastFailedAt { get; init; }
}

/// <summary>The reason for a rejection where no exception of the database states one.</summary>
/// <param name="message">For the operator: the contradiction, with its numbers.</param>
internal sealed class RejectedIssuanceException(string message) : Exception(message);
