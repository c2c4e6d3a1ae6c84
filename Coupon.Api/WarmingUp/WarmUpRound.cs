namespace Coupon.Api.WarmingUp;

/// <summary>
/// A small sale: every user presses twice, and the last ones are told that the coupon is sold out, first by Redis and then from memory.
/// </summary>
internal sealed class WarmUpRound(WarmUpInstance instance, WarmUpOptions options)
{
    private const double SoldOutShare = 0.2;

    /// <summary>Plays it, with a coupon of its own.</summary>
    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        await using var coupon = await WarmUpCoupon.CreateAsync(instance.Redis, options.Requests);
        var button = new Uri(instance.Address, $"/coupons/{coupon.Keys.CouponId}/issuances");
        var users = options.Requests + (int)(options.Requests * SoldOutShare);
        await Task.WhenAll(Enumerable.Range(0, options.Connections).Select(client => PressAsync(button, client, users, cancellationToken)));
    }

    private async Task PressAsync(Uri button, int client, int users, CancellationToken cancellationToken)
    {
        using var connection = await WarmUpConnection.OpenAsync(button, cancellationToken);
        for (long userId = client + 1; userId <= users; userId += options.Connections)
        {
            await connection.PressAsync(button, userId, cancellationToken);
            await connection.PressAsync(button, userId, cancellationToken);
        }
    }
}
