using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Coupon.Tests.Consumers.DeadLetters;

/// <summary>Holds a statement back until something else has happened, so that a rare race occurs in every run of a test.</summary>
internal sealed class CommandGate : DbCommandInterceptor
{
    private readonly ConcurrentDictionary<string, Func<Task>> _held = new();

    /// <summary>Holds the first statement that contains all these words, once.</summary>
    public void Before(string words, Func<Task> until) => _held[words] = until;

    /// <summary>Statements that were to be held back and never came: a test with any of them has seen no race.</summary>
    public IEnumerable<string> NeverCame => _held.Keys;

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        await HoldAsync(command.CommandText);
        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        await HoldAsync(command.CommandText);
        return result;
    }

    private async Task HoldAsync(string sql)
    {
        foreach (var (words, until) in _held)
        {
            if (words.Split(' ').All(word => sql.Contains(word, StringComparison.Ordinal)) && _held.TryRemove(words, out _))
                await until();
        }
    }
}
