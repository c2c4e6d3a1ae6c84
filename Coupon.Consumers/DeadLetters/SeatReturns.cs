using Coupon.Database;
using Coupon.Stock;
using Dapper;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Gives the seat of a discarded dead letter back to the stock. MySQL has counted it by then, and Redis follows what MySQL says; each step may be
/// repeated, so a return that was interrupted is simply done again.
/// </summary>
internal sealed class SeatReturns(
    IDbContextFactory<CouponDbContext> contexts,
    MySqlDataSource database,
    StockTerms stock,
    SeatHolders holders,
    ILogger<SeatReturns> log
)
{
    public async Task ReturnAsync(long deadLetterId, string actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var letter = await context.DeadLetters.AsNoTracking().SingleAsync(row => row.Id == deadLetterId, cancellationToken);
        if (letter is not { State: DeadLetterState.Discarded, SeatReturnRequested: true, SeatReturnedAt: null })
            return;
        var coupon = await context.Coupons.AsNoTracking().SingleOrDefaultAsync(row => row.Id == letter.CouponId, cancellationToken);

        // A coupon that has been deleted has taken its stock with it: there is nothing left to do, for ever.
        if (coupon is not null)
        {
            // The user first: with the seat free and the user remembered, the user could not take it again.
            await holders.ForgetAsync(coupon.Id, letter.UserId!.Value, letter.Ordinal!.Value);
            await stock.ApplyAsync(CouponTerms.Of(coupon));
        }
        var detail = $"coupon {letter.CouponId}, ordinal {letter.Ordinal}{(coupon is null ? ": the coupon has been deleted" : "")}";
        await LedgerContention.Pipeline.ExecuteAsync(async token => await RecordAsync(letter, detail, actor, token), cancellationToken);
    }

    /// <summary>Finishes what was interrupted, each for itself; what cannot be finished is logged and left for the next time.</summary>
    /// <returns>How many were finished.</returns>
    /// <exception cref="Exception">A server is away: that concerns all of them.</exception>
    public async Task<int> FinishAsync(CancellationToken cancellationToken)
    {
        var finished = 0;
        foreach (var id in await UnfinishedAsync(cancellationToken))
        {
            try
            {
                await ReturnAsync(id, "system", cancellationToken);
                finished++;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !IsServerAway(exception))
            {
                log.SeatReturnFails(id, exception);
            }
        }
        return finished;
    }

    private async Task<IEnumerable<long>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<long>(
            new CommandDefinition(
                "SELECT id FROM dead_letters WHERE state = @state AND seat_return_requested AND seat_returned_at IS NULL",
                new { state = nameof(DeadLetterState.Discarded) },
                cancellationToken: cancellationToken
            )
        );
    }

    private static bool IsServerAway(Exception exception) =>
        RedisFailure.IsAway(exception) || DatabaseFailure.KindOf(exception) == DatabaseFailureKind.Transient;

    // Who comes second, or comes again because the answer to the commit was lost, finds that it was recorded.
    private async Task RecordAsync(DeadLetterRow letter, string detail, string actor, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var now = await context.NowAsync(cancellationToken);
        var recorded = await context
            .DeadLetters.Where(row => row.Id == letter.Id && row.SeatReturnedAt == null)
            .ExecuteUpdateAsync(
                row => row.SetProperty(changed => changed.SeatReturnedAt, now).SetProperty(changed => changed.UpdatedAt, now),
                cancellationToken
            );
        if (recorded == 0)
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
