using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Coupon.Hosting.Background;

/// <summary>
/// Does the same work again and again while the program runs. One round runs at a time. An exception is logged and the next round goes on: a
/// background service that throws would stop the whole host. A stop of the program cancels the round that runs and ends the service without an error.
/// </summary>
/// <remarks>
/// Rounds begin at the ticks of the interval. A tick that passes while a round runs is made up for once when the round ends; more of them are not. So
/// there is at most one round an interval, beside those that <see cref="WakeUp"/> asks for.
/// </remarks>
public abstract class PeriodicService : BackgroundService
{
    private readonly bool _startsAtOnce;
    private readonly SemaphoreSlim _wakeUp = new(0, 1);
    private TimeSpan _interval;
    private PeriodicTimer? _ticks;

    /// <summary>Prepares a service. Nothing runs before the host starts it.</summary>
    /// <param name="interval">The time between the beginnings of two rounds, positive.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failed rounds are logged.</param>
    /// <param name="startsAtOnce">Whether the first round begins with the program, and not after the first interval.</param>
    protected PeriodicService(TimeSpan interval, TimeProvider time, ILogger logger, bool startsAtOnce = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        (_interval, Time, Logger, _startsAtOnce) = (interval, time, logger, startsAtOnce);
    }

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; }

    /// <summary>The log of the service.</summary>
    protected ILogger Logger { get; }

    /// <summary>
    /// The time between the beginnings of two rounds, positive. A round may set another one, which then counts from the end of that round.
    /// </summary>
    protected TimeSpan Interval
    {
        get => _interval;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            _interval = value;
        }
    }

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // The base class runs the rest on another thread, at some later moment.
        _ticks = new PeriodicTimer(_interval, Time);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        // First the end of the rounds, also where nobody has stopped the service: a timer that is disposed of ticks at once, again and again.
        base.Dispose();
        _ticks?.Dispose();
        _wakeUp.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Starts a round now, or when the running one has ended. Several calls during a round start one round. May be called from any thread.
    /// </summary>
    protected void WakeUp()
    {
        try
        {
            _wakeUp.Release();
        }
        catch (SemaphoreFullException)
        {
            // A round has been asked for already.
        }
        catch (ObjectDisposedException)
        {
            // The program has ended.
        }
    }

    /// <summary>Does the work once.</summary>
    /// <param name="stoppingToken">Cancelled when the program stops.</param>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    /// <summary>
    /// Called after a round that failed, unless the program stops: logs a warning. Override it to log an event of the service's own, or to forget
    /// what is not known any more.
    /// </summary>
    protected virtual void Failed(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Log.RoundFailed(Logger, exception, GetType().Name, exception.GetBaseException().Message);
    }

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var ticks = _ticks!;
        try
        {
            Task<bool>? tick = null;
            Task? call = null;
            for (var waits = !_startsAtOnce; ; waits = true)
            {
                if (waits)
                {
                    tick ??= ticks.WaitForNextTickAsync(stoppingToken).AsTask();
                    call ??= _wakeUp.WaitAsync(stoppingToken);
                    await await Task.WhenAny(tick, call);
                    tick = tick.IsCompleted ? null : tick;
                    call = call.IsCompleted ? null : call;
                }

                await TryRunAsync(stoppingToken);
                if (ticks.Period != _interval)
                    ticks.Period = _interval;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    private async Task TryRunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Failed(exception);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The stop interrupted the round, whatever the client of a server made of that. The wait for the next one ends the service.
        }
    }
}
