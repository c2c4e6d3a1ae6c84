using System.Diagnostics;

namespace Coupon.Api.Issuing;

/// <summary>What this program adds to traces, beside the spans of ASP.NET Core and of the bus. Without a listener it makes nothing.</summary>
internal static class IssuingTraces
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "Coupon.Api";

    /// <summary>The source.</summary>
    public static readonly ActivitySource Source = new(SourceName);
}
