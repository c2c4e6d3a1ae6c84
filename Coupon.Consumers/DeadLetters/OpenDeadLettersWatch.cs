using System.Diagnostics.Metrics;
using Coupon.Consumers.Consumption;
using Coupon.Database;
using Dapper;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Counts the open dead letters now and then and shows them as <c>coupon_dead_letters_open</c>: what waits for an operator.</summary>
internal sealed class OpenDeadLettersWatch : BackgroundService
{
    private const long Unknown = -1;

    private readonly MySqlDataSource _database;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger<OpenDeadLettersWatch> _log;
    private long _open = Unknown;

    public OpenDeadLettersWatch(
        MySqlDataSource database,
        IOptions<DeadLetterOptions> options,
        IMeterFactory meters,
        TimeProvider time,
        ILogger<OpenDeadLettersWatch> log
    )
    {
        (_database, _interval, _time, _log) = (database, options.Value.CountInterval, time, log);
        meters
            .Create(ConsumerMetrics.MeterName)
            .CreateObservableGauge("coupon.dead_letters.open", Measure, null, "Dead letters that wait for an operator.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        do
        {
            try
            {
                await using var connection = await _database.OpenConnectionAsync(stoppingToken);
                Volatile.Write(
                    ref _open,
                    await connection.ExecuteScalarAsync<long>(
                        new CommandDefinition(
                            "SELECT COUNT(*) FROM dead_letters WHERE state = @state",
                            new { state = nameof(DeadLetterState.Open) },
                            cancellationToken: stoppingToken
                        )
                    )
                );
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // MySQL is away: that has alerts of its own, and an old figure would say more than is known.
                Volatile.Write(ref _open, Unknown);
                _log.DeadLettersCannotBeCounted(exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<long>> Measure() => Volatile.Read(ref _open) is >= 0 and var open ? [new Measurement<long>(open)] : [];
}
