using Coupon.Api.Issuing;
using StackExchange.Redis;

namespace Coupon.Api.Rehearsing;

/// <summary>A small sale: everybody presses twice, and the last ones hear that it is sold out, first from Redis and then from memory.</summary>
internal sealed class RehearsalRound(IConnectionMultiplexer redis, SoldOutMemory soldOut, RehearsalOptions options)
{
    private const double SoldOutShare = 0.2;

    /// <summary>Plays it, against a coupon of its own.</summary>
    /// <param name="server">The own address.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task PlayAsync(Uri server, CancellationToken cancellationToken)
    {
        await using var coupon = await RehearsalCoupon.CreateAsync(redis, options.Requests);
        var button = new Uri(server, $"/coupons/{coupon.Keys.CouponId}/issuances");
        var users = options.Requests + (int)(options.Requests * SoldOutShare);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, options.Connections).Select(client => PressAsync(button, client, users, cancellationToken)));
        }
        finally
        {
            soldOut.Forget(coupon.Keys.CouponId);
        }
    }

    private async Task PressAsync(Uri button, int client, int users, CancellationToken cancellationToken)
    {
        using var connection = await RehearsalConnection.OpenAsync(button, cancellationToken);
        for (long userId = client + 1; userId <= users; userId += options.Connections)
        {
            await connection.PressAsync(button, userId, cancellationToken);
            await connection.PressAsync(button, userId, cancellationToken);
        }
    }
}
