using System.Globalization;

namespace Coupon.Consumers.Commands;

/// <summary>A number with what it counts: <c>1 dead letter</c>, <c>2 dead letters</c>.</summary>
internal static class Counted
{
    /// <summary>The number and the noun, whose plural ends with s.</summary>
    public static string Of(long count, string one) => Of(count, one, $"{one}s");

    /// <summary>The number and the words that agree with it.</summary>
    /// <param name="count">The number.</param>
    /// <param name="one">The words after 1.</param>
    /// <param name="several">The words after any other number.</param>
    public static string Of(long count, string one, string several) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : several)}");
}
