namespace Coupon.Api.Events;

/// <summary>One coupon and those who watch it.</summary>
internal sealed class CouponFeed
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, int> _users = [];
    private TaskCompletionSource _changed = NewSignal();
    private int _watchers;

    /// <summary>What was read last; null: nothing yet.</summary>
    public CouponNews? Current { get; private set; }

    /// <summary>Completes when there is something new. To be taken before <see cref="Current"/>, so that nothing is missed.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
                return _changed.Task;
        }
    }

    /// <summary>The users whose own result was asked for and is not known yet.</summary>
    public IReadOnlyList<long> Waiting
    {
        get
        {
            lock (_lock)
                return [.. _users.Keys.Where(user => Current?.Results.ContainsKey(user) != true)];
        }
    }

    /// <summary>Somebody begins to watch.</summary>
    /// <param name="user">Whose own result is asked for; null: nobody's.</param>
    public void Enter(long? user)
    {
        lock (_lock)
        {
            _watchers++;
            if (user is { } own)
                _users[own] = _users.GetValueOrDefault(own) + 1;
        }
    }

    /// <summary>Somebody has stopped watching.</summary>
    /// <returns>Whether nobody is left.</returns>
    public bool Leave(long? user)
    {
        lock (_lock)
        {
            if (user is { } own && --_users[own] == 0)
                _users.Remove(own);
            return --_watchers == 0;
        }
    }

    /// <summary>Tells all who watch, where it is new.</summary>
    public void Publish(byte[]? coupon, IReadOnlyDictionary<long, byte[]> found)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            // Of those who are still here: the results of all who ever watched would grow without a bound.
            var results = (Current?.Results ?? found).Concat(found).Where(result => _users.ContainsKey(result.Key)).DistinctBy(result => result.Key);
            var news = new CouponNews(coupon, results.ToDictionary());
            if (news.IsSameAs(Current))
                return;
            Current = news;
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
