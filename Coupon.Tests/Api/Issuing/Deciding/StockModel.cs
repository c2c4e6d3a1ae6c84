using Coupon.Api.Issuing;

namespace Coupon.Tests.Api.Issuing.Deciding;

/// <summary>The behaviour of the scripts in plain C#: slow, obvious, and without Redis.</summary>
internal sealed class StockModel(long total, int outboxLimit)
{
    private readonly Dictionary<long, (long Ordinal, long? Key)> _users = [];
    private long _everReturned;

    public long Total { get; private set; } = total;

    public long Returned => _everReturned - Retaken;

    public long Retaken { get; private set; }

    public long Issued { get; private set; }

    public bool Closed { get; private set; }

    public Window Window { get; private set; }

    public SortedSet<long> Outbox { get; } = [];

    public long Remaining => Total + Returned - Issued;

    public (IssueOutcome Outcome, long Ordinal) Issue(long userId, long? key)
    {
        if (_users.TryGetValue(userId, out var held))
            return (key is not null && key == held.Key ? IssueOutcome.Repeated : IssueOutcome.AlreadyIssued, held.Ordinal);
        if (Closed || Window == Window.Over)
            return (IssueOutcome.Closed, 0);
        if (Window == Window.Ahead)
            return (IssueOutcome.NotOpenYet, 0);
        if (Remaining <= 0)
            return (IssueOutcome.SoldOut, 0);
        if (Outbox.Count >= outboxLimit)
            return (IssueOutcome.OutboxFull, 0);
        _users[userId] = (++Issued, key);
        Outbox.Add(Issued);
        return (IssueOutcome.Issued, Issued);
    }

    public long Apply(long total, long returned, long retaken, Window window, bool closed)
    {
        var before = Remaining;
        (Total, Window, Closed) = (Math.Max(Total, total), window, Closed || closed);
        (_everReturned, Retaken) = (Math.Max(_everReturned, returned + retaken), Math.Max(Retaken, retaken));
        return Remaining - before;
    }
}

/// <summary>The window of a coupon, relative to now.</summary>
internal enum Window
{
    Unbounded,
    Inside,
    Ahead,
    Over,
}
