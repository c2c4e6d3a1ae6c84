using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Coupon.Tests.Consumers.DeadLetters;

/// <summary>Loses the answers to successful commits, as a connection that breaks at that moment does.</summary>
internal sealed class LostAnswers : DbTransactionInterceptor
{
    private int _toLose;

    public int Lost { get; private set; }

    public void LoseNext(int answers) => Interlocked.Exchange(ref _toLose, answers);

    public override Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        if (Interlocked.Decrement(ref _toLose) < 0)
            return Task.CompletedTask;
        Lost++;
        throw new IOException("The connection broke after the commit.");
    }
}
