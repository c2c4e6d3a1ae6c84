using Coupon.Hosting.Background;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Coupon.Tests.Hosting;

[NeedsNothing]
public sealed class PeriodicServiceTests : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Clock _time = new();
    private readonly Lines _lines = new();

    public void Dispose()
    {
        _lines.Dispose();
        _time.Dispose();
    }

    [Fact]
    public async Task A_round_runs_at_each_tick_and_none_before_the_first()
    {
        using var service = new Counted(_time, _lines);
        await service.StartAsync(CancellationToken.None);
        for (var round = 1; round <= 3; round++)
        {
            _time.Advance(_interval / 2);
            Assert.Equal(round - 1, service.Rounds);
            _time.Advance(_interval / 2);
            await service.RanAsync();
        }

        Assert.Equal(3, service.Rounds);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_service_that_starts_at_once_waits_only_after_its_first_round()
    {
        using var service = new Counted(_time, _lines, startsAtOnce: true);
        await service.StartAsync(CancellationToken.None);
        await service.RanAsync();
        _time.Advance(_interval);
        await service.RanAsync();

        Assert.Equal(2, service.Rounds);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_round_that_fails_is_logged_and_the_next_one_goes_on()
    {
        using var service = new Counted(_time, _lines) { OnRound = (round, _) => round == 1 ? throw new IOException("away") : Task.CompletedTask };
        await RunTwiceAsync(service);

        Assert.Equal("Warning: Counted failed and runs again after its interval: away [IOException]", Assert.Single(_lines.Written));
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_cancellation_that_is_not_the_stop_is_a_failure_like_any_other()
    {
        using var service = new Counted(_time, _lines)
        {
            OnRound = (round, _) => round == 1 ? throw new OperationCanceledException("patience") : Task.CompletedTask,
        };
        await RunTwiceAsync(service);

        Assert.Contains("patience", Assert.Single(_lines.Written), StringComparison.Ordinal);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_service_that_is_woken_runs_before_its_tick_and_keeps_its_ticks()
    {
        using var service = new Counted(_time, _lines);
        await service.StartAsync(CancellationToken.None);
        _time.Advance(_interval / 2);
        service.Wake();
        await service.RanAsync();
        _time.Advance(_interval / 2);
        await service.RanAsync();

        Assert.Equal(2, service.Rounds);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Calls_during_a_round_are_one_more_round()
    {
        var (first, third) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var service = new Counted(_time, _lines, startsAtOnce: true) { OnRound = Held(first, third) };
        await service.StartAsync(CancellationToken.None);
        await service.BeganAsync();
        service.Wake();
        service.Wake();
        first.SetResult();
        await service.RanAsync();
        await service.RanAsync();

        await TickIsTheThirdRoundAsync(service, third);
    }

    [Fact]
    public async Task Ticks_during_a_round_are_made_up_for_once()
    {
        var (first, third) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var service = new Counted(_time, _lines) { OnRound = Held(first, third) };
        await service.StartAsync(CancellationToken.None);
        _time.Advance(_interval);
        await service.BeganAsync();
        for (var tick = 0; tick < 3; tick++)
            _time.Advance(_interval);
        first.SetResult();
        await service.RanAsync();
        await service.RanAsync();

        await TickIsTheThirdRoundAsync(service, third);
    }

    [Fact]
    public async Task Another_interval_counts_from_the_end_of_the_round_that_set_it()
    {
        using var service = new Counted(_time, _lines);
        service.OnRound = (_, _) =>
        {
            service.Every = _interval / 4;
            return Task.CompletedTask;
        };
        await service.StartAsync(CancellationToken.None);
        _time.Advance(_interval);
        await service.RanAsync();
        await _time.TimerSetAsync();
        _time.Advance(_interval / 8);
        Assert.Equal(1, service.Rounds);
        _time.Advance(_interval / 8);
        await service.RanAsync();

        Assert.Equal(2, service.Rounds);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_stop_interrupts_the_round_ends_without_an_error_and_logs_nothing()
    {
        using var service = new Counted(_time, _lines, startsAtOnce: true)
        {
            OnRound = async (_, stoppingToken) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
                throw new IOException("The connection was closed.");
            },
        };
        await service.StartAsync(CancellationToken.None);
        await service.BeganAsync();
        await service.StopAsync(CancellationToken.None);

        Assert.True(service.ExecuteTask!.IsCompletedSuccessfully);
        Assert.Empty(_lines.Written);
    }

    [Fact]
    public async Task A_service_that_is_disposed_of_without_a_stop_ends()
    {
        var service = new Counted(_time, _lines, startsAtOnce: true);
        await service.StartAsync(CancellationToken.None);
        await service.RanAsync();
        service.Dispose();

        await service.ExecuteTask!.WaitAsync(_patience, TestContext.Current.CancellationToken);
        Assert.Equal(1, service.Rounds);
    }

    private static Func<int, CancellationToken, Task> Held(TaskCompletionSource first, TaskCompletionSource third) =>
        (round, _) =>
            round switch
            {
                1 => first.Task,
                3 => third.Task,
                _ => Task.CompletedTask,
            };

    // The third round is held until a tick has passed: had anything but the tick begun it, the tick would begin a fourth one.
    private async Task TickIsTheThirdRoundAsync(Counted service, TaskCompletionSource third)
    {
        _time.Advance(_interval);
        await service.BeganAsync();
        await service.BeganAsync();
        third.SetResult();
        await service.RanAsync();
        await service.StopAsync(CancellationToken.None);

        Assert.Equal(3, service.Rounds);
    }

    private async Task RunTwiceAsync(Counted service)
    {
        await service.StartAsync(CancellationToken.None);
        _time.Advance(_interval);
        await service.RanAsync();
        _time.Advance(_interval);
        await service.RanAsync();
    }

    private sealed class Counted(TimeProvider time, ILogger logger, bool startsAtOnce = false)
        : PeriodicService(_interval, time, logger, startsAtOnce)
    {
        private readonly SemaphoreSlim _began = new(0);
        private readonly SemaphoreSlim _ran = new(0);
        private int _rounds;

        public Func<int, CancellationToken, Task> OnRound { get; set; } = (_, _) => Task.CompletedTask;

        public int Rounds => Volatile.Read(ref _rounds);

        public TimeSpan Every
        {
            set => Interval = value;
        }

        public void Wake() => WakeUp();

        public async Task BeganAsync() => Assert.True(await _began.WaitAsync(_patience), "No round began.");

        public async Task RanAsync() => Assert.True(await _ran.WaitAsync(_patience), "No round ran.");

        public override void Dispose()
        {
            _began.Dispose();
            _ran.Dispose();
            base.Dispose();
        }

        protected override async Task RunAsync(CancellationToken stoppingToken)
        {
            var round = Interlocked.Increment(ref _rounds);
            _began.Release();
            try
            {
                await OnRound(round, stoppingToken);
            }
            finally
            {
                _ran.Release();
            }
        }
    }

    /// <summary>A clock that is moved by hand, and tells when a timer was set to another interval.</summary>
    private sealed class Clock : FakeTimeProvider, IDisposable
    {
        private readonly SemaphoreSlim _set = new(0);

        public async Task TimerSetAsync() => Assert.True(await _set.WaitAsync(_patience), "No timer was set.");

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Watched(base.CreateTimer(callback, state, dueTime, period), _set);

        public void Dispose() => _set.Dispose();

        private sealed class Watched(ITimer timer, SemaphoreSlim set) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                var changed = timer.Change(dueTime, period);
                set.Release();
                return changed;
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
