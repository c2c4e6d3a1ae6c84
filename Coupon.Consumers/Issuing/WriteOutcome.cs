namespace Coupon.Consumers.Issuing;

/// <summary>What one transaction did with its messages; it has been committed.</summary>
/// <param name="Inserted">Rows that are new.</param>
/// <param name="Repeated">Messages whose row was already there, exactly as they say: success.</param>
/// <param name="Rejections">Messages that contradict what is there. None of them was written.</param>
internal sealed record WriteOutcome(int Inserted, int Repeated, IReadOnlyList<Rejection> Rejections);
