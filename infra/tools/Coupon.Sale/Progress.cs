using System.Diagnostics;
using Coupon.Sale.Books;
using Coupon.Sale.Load;
using Spectre.Console;

namespace Coupon.Sale;

/// <summary>Prints the progress of the sale twice a second, as plain lines: the same in a terminal and in a log.</summary>
internal sealed class Progress : IAsyncDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _printing;

    private Progress(Tally tally, SaleOptions options, CouponRows couponRows) => _printing = PrintAsync(tally, options, couponRows, _stop.Token);

    public static Progress Show(Tally tally, SaleOptions options, CouponRows couponRows) => new(tally, options, couponRows);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _printing;
        _stop.Dispose();
    }

    private static async Task PrintAsync(Tally tally, SaleOptions options, CouponRows couponRows, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(_interval, TimeProvider.System, stop);
                var rows = await couponRows.CountRowsAsync(stop);
                var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                var (answered, accepted) = (tally.Answered, tally.Accepted);
                AnsiConsole.MarkupLineInterpolated(
                    $"[grey]{seconds, 6:F1} s  {answered, 9:N0} of {options.Requests:N0} answered, {accepted, 7:N0} accepted, {rows, 7:N0} written[/]"
                );
            }
        }
        catch (OperationCanceledException)
        {
            // The sale is over.
        }
    }
}
