using System.Globalization;
using System.Net.Http.Json;
using Coupon.Faults.Stack;

namespace Coupon.Faults.Acting;

/// <summary>
/// A second coupon, of which one user has one seat: what records of somebody else claim of it disturbs nobody. Created before the sale begins.
/// </summary>
internal sealed class Bystander(long couponId)
{
    /// <summary>Nobody of the crowd.</summary>
    public const long UserId = 8_000_000_000;

    private const int Stock = 1_000;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    public long CouponId => couponId;

    /// <summary>Creates the coupon, has its user press once, and waits for the row.</summary>
    /// <exception cref="TimeoutException">The row does not come.</exception>
    public static async Task<Bystander> CreateAsync(FaultyService service, Operators operators, CancellationToken cancellationToken)
    {
        var door = service.Doors[0];
        var bystander = new Bystander(await operators.CreateCouponAsync(service.Processes[door.Name], Stock, cancellationToken));
        var path = string.Create(CultureInfo.InvariantCulture, $"/coupons/{bystander.CouponId}/issuances");
        using var answer = await operators.Http.PostAsJsonAsync(new Uri(door.Url, path), new { userId = UserId }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var rows = new RecordsInMySql(() => service.Database, bystander.CouponId, service.CouponIssuedTopic);
        var began = TimeProvider.System.GetTimestamp();
        while (await rows.TryCountRowsAsync(cancellationToken) != 1)
        {
            if (TimeProvider.System.GetElapsedTime(began) > _patience)
                throw new TimeoutException("The first row does not come.");
            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
        }

        return bystander;
    }
}
