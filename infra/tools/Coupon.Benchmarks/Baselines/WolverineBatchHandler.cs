using Coupon.Contracts;
using MySqlConnector;
using Wolverine.Runtime;
using Wolverine.Runtime.Handlers;

namespace Coupon.Benchmarks.Baselines;

/// <summary>Writes what Wolverine has gathered.</summary>
internal sealed class WolverineBatchHandler(MySqlDataSource mySql) : MessageHandler<CouponIssued[]>
{
    protected override async Task HandleAsync(CouponIssued[] message, MessageContext context, CancellationToken cancellation)
    {
        await using var connection = await mySql.OpenConnectionAsync(cancellation);
        await BatchWrite.LoadAsync(connection, message, cancellation);
    }
}
