using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>One slice of a list of dead letters, in the order in which they were recorded or backwards.</summary>
/// <param name="After">The last id of the slice before; 0: it is the first.</param>
/// <param name="Size">Entries at most.</param>
/// <param name="NewestFirst">Backwards.</param>
internal sealed record DeadLetterSlice(long After, int Size, bool NewestFirst = false)
{
    /// <summary>The ids of the slice.</summary>
    public IQueryable<long> Of(IQueryable<DeadLetterRow> matching)
    {
        if (After > 0)
            matching = NewestFirst ? matching.Where(row => row.Id < After) : matching.Where(row => row.Id > After);
        return (NewestFirst ? matching.OrderByDescending(row => row.Id) : matching.OrderBy(row => row.Id)).Select(row => row.Id).Take(Size);
    }
}
