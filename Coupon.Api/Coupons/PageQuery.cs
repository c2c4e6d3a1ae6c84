using System.Globalization;
using Coupon.Api.Http;

namespace Coupon.Api.Coupons;

/// <summary>The page of a list that a request asks for.</summary>
/// <param name="Before">Only ids below this one.</param>
/// <param name="Size">How many entries at most.</param>
internal readonly record struct PageQuery(long Before, int Size)
{
    /// <summary>How many entries a page has by default.</summary>
    public const int DefaultSize = 50;

    /// <summary>The most entries of a page.</summary>
    public const int MaxSize = 200;

    /// <summary>
    /// Reads the parameters. They are text, because the framework refuses what is no number without naming the parameter.
    /// </summary>
    /// <returns>The refusal; null: the parameters are valid.</returns>
    public static Refusal? Read(string? before, string? limit, out PageQuery page)
    {
        var (first, size) = (long.MaxValue, (long)DefaultSize);
        var isBefore = before is null || TryRead(before, out first);
        var isLimit = limit is null || (TryRead(limit, out size) && size <= MaxSize);
        page = new PageQuery(first, (int)Math.Min(size, MaxSize));
        var faults = new RequestFaults().Unless(isBefore, "before", "must be a positive number").Unless(isLimit, "limit", $"must be 1 to {MaxSize}");
        return faults.Any ? faults.ToRefusal() : null;
    }

    private static bool TryRead(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
