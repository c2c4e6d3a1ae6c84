using Microsoft.AspNetCore.Http;

namespace Coupon.Hosting.Http;

/// <summary>Which requests are HEAD, though they are answered as GET: one whose answer has no end must know it.</summary>
public static class HeadRequests
{
    private static readonly object _isHead = new();

    /// <summary>Whether this is one.</summary>
    public static bool IsOne(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.ContainsKey(_isHead);
    }

    internal static void Note(HttpContext context) => context.Items[_isHead] = true;
}
