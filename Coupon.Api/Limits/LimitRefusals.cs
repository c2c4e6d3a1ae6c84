using Coupon.Api.Http;

namespace Coupon.Api.Limits;

/// <summary>The answers to what is over a limit.</summary>
internal static class LimitRefusals
{
    public static readonly Refusal TooMany = new(ProblemKinds.TooManyRequests, TimeSpan.FromSeconds(1));
    public static readonly Refusal Busy = new(ProblemKinds.Busy);
}
