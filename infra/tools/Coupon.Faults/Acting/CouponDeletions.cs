using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Coupon.Faults.Clients;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Coupon.Sale.Deployment;

namespace Coupon.Faults.Acting;

/// <summary>
/// An operator creates a coupon, some seats are taken and written, and the operator deletes it. From then on users press for it until the run ends:
/// nobody may be told a seat, and neither the coupon nor a row may come back.
/// </summary>
internal sealed class CouponDeletions(FaultyService service, Operators operators, History history, CancellationToken enough) : IFaultMaker
{
    private const int Stock = 20;
    private const int Sold = 5;

    // Nobody of the crowd.
    private const long FirstUser = 7_000_000_000;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(300);

    private readonly List<Task> _presses = [];

    public bool Makes(FaultKind kind) => kind == FaultKind.DeleteCoupon;

    public async Task BeginAsync(Fault fault, CancellationToken cancellationToken)
    {
        var instance = service.Processes[Names.Apis[fault.Number % Names.Apis.Count]];
        if (await TryCreateAsync(instance, cancellationToken) is not { } couponId)
            return;
        for (var user = FirstUser; user < FirstUser + Sold; user++)
            await PressAsync(couponId, user, isDeleted: false);

        // Refused while a seat is on its way to MySQL.
        for (var began = history.Now; history.Now - began < _patience; )
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/coupons/{couponId}");
            var answer = await operators.DeleteAsync(instance, path, cancellationToken);
            history.Say($"delete of coupon {couponId}: {answer}");
            if (answer.StartsWith("204", StringComparison.Ordinal))
            {
                history.Deletions.Enqueue(new Deletion(couponId, history.Now));
                _presses.Add(KeepPressingAsync(couponId));
                return;
            }

            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
        }
    }

    public Task EndAsync(Fault fault, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Once the run is over.</summary>
    public Task EndPressingAsync() => Task.WhenAll(_presses);

    private async Task<long?> TryCreateAsync(ServiceProcess instance, CancellationToken cancellationToken)
    {
        try
        {
            return await operators.CreateCouponAsync(instance, Stock, cancellationToken);
        }
        catch (Exception exception)
            when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            history.Say($"a coupon to delete could not be created: {exception.Message}");
            return null;
        }
    }

    private async Task KeepPressingAsync(long couponId)
    {
        for (var user = FirstUser + Sold; !enough.IsCancellationRequested; user++)
        {
            await PressAsync(couponId, user, isDeleted: true);
            await Pauses.TakeAsync(_pause, enough);
        }
    }

    private async Task PressAsync(long couponId, long user, bool isDeleted)
    {
        var doors = service.Doors;
        var (instance, url) = doors[(int)(user % doors.Count)];
        var sent = history.Now;
        try
        {
            using var answer = await operators.Http.PostAsJsonAsync(
                new Uri(url, string.Create(CultureInfo.InvariantCulture, $"/coupons/{couponId}/issuances")),
                new { userId = user },
                CancellationToken.None
            );
            if (isDeleted && answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict)
                history.PressesOfDeleted.Enqueue(
                    new PressOfDeleted(
                        couponId,
                        sent,
                        instance,
                        user,
                        (int)answer.StatusCode,
                        await answer.Content.ReadAsStringAsync(CancellationToken.None)
                    )
                );
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            // Nobody was told anything.
        }
    }
}
