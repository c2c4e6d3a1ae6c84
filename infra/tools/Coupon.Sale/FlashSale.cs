using System.Diagnostics;
using Coupon.Sale.Books;
using Coupon.Sale.Deployment;
using Coupon.Sale.Load;

namespace Coupon.Sale;

/// <summary>One flash sale, from the coupon to the audit.</summary>
internal static class FlashSale
{
    private static readonly TimeSpan _drainTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(20);

    public static async Task<SaleResult> HoldAsync(Service service, SaleOptions options, CancellationToken cancellationToken)
    {
        var couponId = await service.CreateCouponAsync(options.Stock, cancellationToken);
        var couponRows = new CouponRows(service.MySql, couponId);
        var commitsBefore = await couponRows.CountCommitsAsync(cancellationToken);
        var crowd = new Crowd([.. service.Instances.Select(instance => instance.Url)], couponId, options);

        TimeSpan duration;
        await using (Progress.Show(crowd.Tally, options, couponRows))
            duration = await crowd.RushAsync(cancellationToken);

        await DrainAsync(couponRows, crowd.Tally, cancellationToken);
        var balance = await BalanceAsync(service, couponId, cancellationToken);
        var commits = await couponRows.CountCommitsAsync(cancellationToken) - commitsBefore;
        var audit = Audit.Of(await couponRows.ReadUserByOrdinalAsync(cancellationToken), crowd.Tally, balance, options.Stock);
        return new SaleResult(options, crowd.Tally, duration, await couponRows.ReadDrainAsync(cancellationToken), commits, audit);
    }

    private static async Task DrainAsync(CouponRows couponRows, Tally tally, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (await couponRows.CountRowsAsync(cancellationToken) < tally.Accepted && Stopwatch.GetElapsedTime(started) < _drainTimeout)
            await Task.Delay(_poll, TimeProvider.System, cancellationToken);
    }

    /// <summary>The balance, once it adds up: the outbox and the offsets follow a moment after the last row.</summary>
    private static async Task<Balance> BalanceAsync(Service service, long couponId, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var balance = Balance.From(await service.GetBalanceAsync(couponId, cancellationToken));
            if ((balance.AddsUp && balance.IsDrained) || Stopwatch.GetElapsedTime(started) > _drainTimeout)
                return balance;
            await Task.Delay(_poll * 5, TimeProvider.System, cancellationToken);
        }
    }
}
