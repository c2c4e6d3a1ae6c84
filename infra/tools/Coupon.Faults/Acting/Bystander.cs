using System.Globalization;
using System.Net;
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
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    public long CouponId => couponId;

    /// <summary>Creates the coupon, has its user press once, and waits for the row.</summary>
    /// <exception cref="TimeoutException">The row does not come.</exception>
    public static async Task<Bystander> CreateAsync(FaultyService service, Operators operators, CancellationToken cancellationToken)
    {
        var door = service.Doors[0];
        var bystander = new Bystander(await operators.CreateCouponAsync(service.Processes[door.Name], Stock, cancellationToken));
        var path = new Uri(door.Url, string.Create(CultureInfo.InvariantCulture, $"/coupons/{bystander.CouponId}/issuances"));
        var began = TimeProvider.System.GetTimestamp();

        // On a machine that is busy, the lease of an instance that was ready may have ended.
        while (!await PressAsync(operators, path, cancellationToken))
            await PauseAsync(began, cancellationToken);
        var rows = new RecordsInMySql(() => service.Database, bystander.CouponId, service.CouponIssuedTopic);
        while (await rows.TryCountRowsAsync(cancellationToken) != 1)
            await PauseAsync(began, cancellationToken);
        return bystander;
    }

    private static async Task<bool> PressAsync(Operators operators, Uri path, CancellationToken cancellationToken)
    {
        using var answer = await operators.Http.PostAsJsonAsync(path, new { userId = UserId }, cancellationToken);
        return answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict;
    }

    private static async Task PauseAsync(long began, CancellationToken cancellationToken)
    {
        if (TimeProvider.System.GetElapsedTime(began) > _patience)
            throw new TimeoutException("The first row does not come.");
        await Task.Delay(_pause, TimeProvider.System, cancellationToken);
    }
}
