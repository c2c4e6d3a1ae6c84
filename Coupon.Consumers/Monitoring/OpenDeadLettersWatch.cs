using System.Diagnostics.Metrics;
using Coupon.Consumers.Telemetry;
using Coupon.Database;
using Coupon.Hosting.Background;
using Dapper;
using MySqlConnector;

namespace Coupon.Consumers.Monitoring;

/// <summary>Counts the dead letters that wait for an operator, and shows them as <c>coupon_dead_letters_open</c>.</summary>
internal sealed class OpenDeadLettersWatch : PeriodicService
{
    private const long Unknown = -1;

    private readonly MySqlDataSource _database;
    private long _open = Unknown;

    public OpenDeadLettersWatch(
        MySqlDataSource database,
        OpenDeadLettersOptions options,
        IMeterFactory meters,
        TimeProvider time,
        ILogger<OpenDeadLettersWatch> logger
    )
        : base(options.CountInterval, time, logger, startsAtOnce: true)
    {
        _database = database;
        meters
            .Create(ConsumerMetrics.MeterName)
            .CreateObservableGauge("coupon.dead_letters.open", Measure, null, "Dead letters that wait for an operator.");
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await using var connection = await _database.OpenConnectionAsync(stoppingToken);
        var open = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                "SELECT COUNT(*) FROM dead_letters WHERE state = @state",
                new { state = nameof(DeadLetterState.Open) },
                cancellationToken: stoppingToken
            )
        );
        Volatile.Write(ref _open, open);
    }

    // No figure is shown then: the last one may be wrong by now, and a MySQL that is away has an alert of its own.
    protected override void Failed(Exception exception)
    {
        Volatile.Write(ref _open, Unknown);
        Log.DeadLettersCannotBeCounted(Logger, exception);
    }

    private IEnumerable<Measurement<long>> Measure() => Volatile.Read(ref _open) is >= 0 and var open ? [new Measurement<long>(open)] : [];
}
