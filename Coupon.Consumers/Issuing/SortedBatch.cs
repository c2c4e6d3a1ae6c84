namespace Coupon.Consumers.Issuing;

/// <summary>A batch compared with what the database holds.</summary>
/// <param name="New">To be inserted.</param>
/// <param name="Repeated">There already, exactly so.</param>
/// <param name="Rejections">In contradiction to what is there, or to a message of the same batch with a lower ordinal.</param>
internal sealed record SortedBatch(Issuance[] New, Issuance[] Repeated, List<Rejection> Rejections);
