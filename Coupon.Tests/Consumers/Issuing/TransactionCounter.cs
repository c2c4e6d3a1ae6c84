using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>Counts the transactions that are begun, committed or not.</summary>
internal sealed class TransactionCounter : DbTransactionInterceptor
{
    private int _begun;

    public int Begun => _begun;

    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _begun);
        return ValueTask.FromResult(result);
    }
}
