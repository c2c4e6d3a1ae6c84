using System.Globalization;
using Coupon.Consumers.Telemetry;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Background;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Runs background operations, one after the other. A stop of the program hands the operation back; the instance that takes it up finds by the filter
/// what is left, since entries that were done do not match any more.
/// </summary>
internal sealed class DeadLetterOperationRunner(
    DeadLetterOperations operations,
    DeadLetterQueries queries,
    DeadLetterReplay replay,
    DeadLetterDiscard discard,
    ActionRecords actions,
    TimeProvider time,
    ILogger<DeadLetterOperationRunner> logger
) : PeriodicService(TimeSpan.FromSeconds(1), time, logger, startsAtOnce: true)
{
    // The program stops within seconds.
    private static readonly TimeSpan _patienceAtTheEnd = TimeSpan.FromSeconds(5);

    private volatile DeadLetterOperationRun? _current;

    /// <summary>Names the runs of this instance.</summary>
    public string Runner { get; } = Guid.NewGuid().ToString("D");

    /// <summary>What this instance works on; null: nothing.</summary>
    public DeadLetterOperationRun? Current => _current;

    /// <summary>An operation was put in line: it need not wait for the next look.</summary>
    public void Begin() => WakeUp();

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (await operations.ClaimAsync(Runner, stoppingToken) is { } operation)
            await RunAsync(operation, stoppingToken);
    }

    protected override void Failed(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Log.OperationsUnreadable(Logger, exception.GetBaseException().Message);
    }

    private async Task RunAsync(DeadLetterOperationRow operation, CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var run = new DeadLetterOperationRun(operation, stop);
        _current = run;
        try
        {
            var result = operation.StoppedBy is null ? await WorkAsync(run, stop.Token) : Nothing;
            if (stoppingToken.IsCancellationRequested)
                await HandBackAsync(run);
            else
                await EndAsync(run, stop.IsCancellationRequested || operation.StoppedBy is not null, result, null, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await HandBackAsync(run);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await EndAsync(run, isStopped: true, Nothing, null, stoppingToken);
        }
#pragma warning disable CA1031 // Whatever it is: the operator reads it, and the next operation has its turn.
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.OperationFailed(Logger, operation.Operation, exception);
            await EndAsync(run, isStopped: false, Nothing, exception.GetBaseException().Message, stoppingToken);
        }
        finally
        {
            _current = null;
        }
    }

    private static OperationResult Nothing => new(0, 0, 0, []);

    private async Task<OperationResult> WorkAsync(DeadLetterOperationRun run, CancellationToken cancellationToken)
    {
        var row = run.Row;
        var filter = DeadLetterOperations.FilterOf(row) with { UpToId = row.UpToId, ChangedBefore = row.AskedAt };
        var isReplay = row.Kind == DeadLetterOperationKind.Replay;

        // Where an earlier run was cut off, what it has done is told by what is left.
        if (row.Handled > 0)
        {
            var left = await queries.CountAsync(isReplay ? filter.ForReplay() : filter.ForDiscard(), cancellationToken);
            run.DoneBefore = Math.Max(0, row.Total - left);
        }
        return isReplay
            ? await replay.ReplayAsync(
                new ReplayRequest
                {
                    Filter = filter,
                    Actor = row.Actor,
                    Operation = row.Operation,
                    Rate = row.Rate,
                },
                run,
                cancellationToken
            )
            : await discard.DiscardAsync(
                new DiscardRequest
                {
                    Filter = filter,
                    Actor = row.Actor,
                    Operation = row.Operation,
                    Reason = row.Reason ?? "",
                    ReturnSeat = row.ReturnSeat,
                },
                run,
                cancellationToken
            );
    }

    private async Task EndAsync(
        DeadLetterOperationRun run,
        bool isStopped,
        OperationResult result,
        string? fault,
        CancellationToken cancellationToken
    )
    {
        var row = run.Row;

        // A failure throws the counts away; how many had their turn is known.
        var done = fault is null ? run.DoneBefore + result.Done : run.Handled;
        var whole = result with { Done = done };
        var state =
            fault is not null ? DeadLetterOperationState.Failed
            : isStopped ? DeadLetterOperationState.Stopped
            : DeadLetterOperationState.Finished;
        if (!await operations.EndAsync(row.Operation, Runner, state, whole, fault, cancellationToken))
            return;
        var words = state == DeadLetterOperationState.Finished ? whole.Words : $"{state.ToString().ToLowerInvariant()}: {whole.Words}";
        await actions.EndAsync(
            row.Operation,
            DeadLetterOperations.FilterOf(row).CouponId,
            string.Create(CultureInfo.InvariantCulture, $"{row.AnsweredWith} {words}")
        );
    }

    private async Task HandBackAsync(DeadLetterOperationRun run)
    {
        using var bound = new CancellationTokenSource(_patienceAtTheEnd, Time);
        await operations.HandBackAsync(run.Row.Operation, Runner, run.Handled, bound.Token);
    }
}
