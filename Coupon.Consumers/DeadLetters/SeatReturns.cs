using Coupon.Consumers.Telemetry;
using Coupon.Database;
using Coupon.Stock;
using Dapper;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Returns the seat of a discarded dead letter to the stock. MySQL has counted the return by then, and Redis follows MySQL; every step may be
/// repeated, so an interrupted return is done again.
/// </summary>
internal sealed class SeatReturns(
    IDbContextFactory<CouponDbContext> contexts,
    MySqlDataSource database,
    StockTerms stock,
    SeatHolders holders,
    ILogger<SeatReturns> logger
)
{
    public async Task ReturnAsync(long deadLetterId, string actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var letter = await context.DeadLetters.AsNoTracking().SingleAsync(row => row.Id == deadLetterId, cancellationToken);
        if (letter is not { State: DeadLetterState.Discarded, SeatReturnRequested: true, SeatReturnedAt: null })
            return;
        var coupon = await context.Coupons.AsNoTracking().SingleOrDefaultAsync(row => row.Id == letter.CouponId, cancellationToken);

        // The stock of a deleted coupon is gone: the return is recorded, and nothing else is left to do.
        if (coupon is not null)
        {
            // The user first: a free seat could not be taken by a user whom Redis still remembers.
            await holders.ForgetAsync(coupon.Id, letter.UserId!.Value, letter.Ordinal!.Value);
            await stock.ApplyAsync(CouponTerms.Of(coupon));
        }
        var detail = $"coupon {letter.CouponId}, ordinal {letter.Ordinal}{(coupon is null ? ": the coupon has been deleted" : "")}";
        await LedgerContention.Pipeline.ExecuteAsync(async token => await RecordAsync(letter.Id, detail, actor, token), cancellationToken);
    }

    /// <summary>Finishes interrupted returns one by one; a return that fails is logged and left for the next time.</summary>
    /// <returns>How many were finished.</returns>
    /// <exception cref="Exception">A server is away, which concerns all of them.</exception>
    public async Task<int> FinishAsync(CancellationToken cancellationToken)
    {
        var finished = 0;
        foreach (var id in await UnfinishedAsync(cancellationToken))
        {
            try
            {
                await ReturnAsync(id, DeadLetterAuditRow.SystemActor, cancellationToken);
                finished++;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !IsServerAway(exception))
            {
                Log.SeatReturnFails(logger, id, exception);
            }
        }
        return finished;
    }

    private async Task<IEnumerable<long>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<long>(
            new CommandDefinition(
                $"""
                SELECT id FROM dead_letters
                WHERE {DeadLetterTransition.ReturnSeat.Condition} AND seat_return_requested AND seat_returned_at IS NULL
                """,
                cancellationToken: cancellationToken
            )
        );
    }

    private static bool IsServerAway(Exception exception) =>
        RedisFailure.IsAway(exception) || DatabaseFailure.KindOf(exception) == DatabaseFailureKind.Transient;

    private async Task RecordAsync(long deadLetterId, string detail, string actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.BeginLedgerTransactionAsync(cancellationToken);
        var letter = (await context.DeadLetters.LockAsync([deadLetterId], cancellationToken)).Single();
        var now = await context.NowAsync(cancellationToken);
        // False for the second of two, and for a repeated step whose first commit was not answered.
        if (!letter.TryRecordSeatReturn(now))
            return;
        context.DeadLetterAudit.Add(
            new DeadLetterAuditRow
            {
                DeadLetterId = letter.Id,
                At = now,
                Actor = actor,
                Action = DeadLetterAction.SeatReturned,
                Detail = detail,
            }
        );
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
