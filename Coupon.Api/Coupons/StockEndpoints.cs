using System.Data.Common;
using Confluent.Kafka;
using Coupon.Api.Http;
using Coupon.Hosting.Audit;
using Coupon.Stock;
using Coupon.Stock.Balance;
using Coupon.Stock.Verification;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Api.Coupons;

/// <summary>The balance of a coupon, and its verification by hand.</summary>
internal static class StockEndpoints
{
    public static void MapStock(this IEndpointRouteBuilder routes)
    {
        var stock = routes
            .MapGroup("/coupons/{couponId:long}")
            .WithTags("Stock")
            .OfKnownCoupons()
            .Refuses(ProblemKinds.StockUnavailable, ProblemKinds.BrokerUnavailable, ProblemKinds.DatabaseUnavailable);
        stock
            .MapGet("/balance", BalanceAsync)
            .Named("getBalance")
            .WithSummary("Where every seat of a coupon is, and whether it adds up")
            .WithDescription("Counts by ordinal, in the direction of flow, without stopping the sale: each ordinal once, where it was seen last.");
        stock
            .MapPost("/rebuild", RebuildAsync)
            .Named("rebuildCoupon")
            .Audited("rebuild")
            .WithSummary("Verify a coupon in Redis against MySQL and the topics, and put it right")
            .WithDescription(
                "The coupon sells nothing meanwhile. Safe to interrupt and to run twice. "
                    + "Of one coupon three may follow each other, then one every 20 s."
            )
            .Refuses(ProblemKinds.InvalidRequest, ProblemKinds.VerificationUnderWay, ProblemKinds.RebuiltRecently);
    }

    private static async Task<Results<Ok<CouponBalance>, Refusal>> BalanceAsync(
        long couponId,
        SharedBalances balances,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await balances.FindAsync(couponId, cancellationToken) is { } balance
                ? TypedResults.Ok(balance)
                : new Refusal(ProblemKinds.UnknownCoupon);
        }
        catch (Exception exception) when (Unavailable(exception) is { } refusal)
        {
            return refusal;
        }
    }

    private static async Task<Results<Ok<VerificationReport>, Refusal>> RebuildAsync(
        long couponId,
        Rebuilds rebuilds,
        CancellationToken cancellationToken
    )
    {
        if (!rebuilds.TryBegin(couponId, out var wait))
            return new Refusal(ProblemKinds.RebuiltRecently, wait);
        try
        {
            return await rebuilds.RebuildAsync(couponId, cancellationToken) switch
            {
                null => new Refusal(ProblemKinds.VerificationUnderWay),
                { Coupons: [] } => new Refusal(ProblemKinds.UnknownCoupon),
                { } report => TypedResults.Ok(report),
            };
        }
        catch (VerificationInterruptedException exception)
        {
            return new Refusal(ProblemKinds.VerificationUnderWay, exception.Message);
        }
        catch (Exception exception) when (Unavailable(exception) is { } refusal)
        {
            return refusal;
        }
    }

    private static Refusal? Unavailable(Exception exception) =>
        exception switch
        {
            _ when RedisFailure.Is(exception) => new Refusal(ProblemKinds.StockUnavailable),
            KafkaException => new Refusal(ProblemKinds.BrokerUnavailable),
            DbException => new Refusal(ProblemKinds.DatabaseUnavailable),
            _ => null,
        };
}
