using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Coupon.Faults.Clients;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;

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
        if (await TryCreateAsync(fault, cancellationToken) is not { } couponId)
            return;
        for (var user = FirstUser; user < FirstUser + Sold; user++)
            await PressAsync(couponId, user, isDeleted: false);

        // Refused while a seat is on its way to MySQL.
        for (var began = history.Now; history.Now - began < _patience; )
        {
            var answer = await DeleteAsync(couponId, Names.Apis[fault.Number % Names.Apis.Count], cancellationToken);
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

    private async Task<long?> TryCreateAsync(Fault fault, CancellationToken cancellationToken)
    {
        try
        {
            return await operators.CreateCouponAsync(service.Processes[Names.Apis[fault.Number % Names.Apis.Count]], Stock, cancellationToken);
        }
        catch (Exception exception)
            when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            history.Say($"a coupon to delete could not be created: {exception.Message}");
            return null;
        }
    }

    private async Task<string> DeleteAsync(long couponId, string instance, CancellationToken cancellationToken)
    {
        try
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/coupons/{couponId}");
            using var answer = await operators.Http.DeleteAsync(new Uri(service.Processes[instance].OperatorsUrl, path), cancellationToken);
            return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}";
        }
        catch (Exception exception)
            when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"no answer: {exception.Message}";
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
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or JsonException)
        {
            // Nobody was told anything.
        }
    }
}
