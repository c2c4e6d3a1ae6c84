using System.Diagnostics;
using Coupon.Api.Issuing.Remembering;

namespace Coupon.Api.Issuing.Sending;

/// <summary>
/// The span of a relayed issuance, in the trace of its press: the message that is sent within it belongs there too, however long ago that was and
/// whichever instance it was.
/// </summary>
internal static class RelaySpan
{
    /// <summary>Begins it.</summary>
    /// <returns>Null: nobody listens, or the press was not traced.</returns>
    public static Activity? Start(OutboxEntry entry)
    {
        if (!IssuingTraces.Source.HasListeners() || entry.Trace is not { } press)
            return null;
        var span = IssuingTraces.Source.StartActivity("relay", ActivityKind.Internal, press);
        span?.SetTag("coupon.id", entry.CouponId);
        return span;
    }
}
