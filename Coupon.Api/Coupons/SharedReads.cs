namespace Coupon.Api.Coupons;

/// <summary>
/// Makes one call for the ids of many callers. A caller who asks during a call is answered by the next one, together with all others who asked
/// meanwhile. So an answer is never older than its question, and a flood costs a few calls at a time, however many ask.
/// </summary>
/// <param name="mostCalls">How many calls at a time.</param>
/// <param name="mostIds">How many ids a call takes; the others wait for the next one.</param>
/// <param name="call">Takes some ids, and returns the answer for each of them.</param>
internal sealed class SharedReads<T>(int mostCalls, int mostIds, Func<long[], Task<Func<long, T>>> call)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, TaskCompletionSource<T>> _waiting = [];
    private int _calls;

    /// <summary>How many calls have begun.</summary>
    public int Begun { get; private set; }

    /// <summary>Asks about one id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Gives up waiting; the others who asked are answered.</param>
    public Task<T> AskAsync(long id, CancellationToken cancellationToken)
    {
        TaskCompletionSource<T>? answer;
        var begins = false;
        lock (_lock)
        {
            if (!_waiting.TryGetValue(id, out answer))
                _waiting.Add(id, answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously));
            if (_calls < mostCalls)
            {
                _calls++;
                begins = true;
            }
        }

        if (begins)
            _ = CallAsync();
        return answer.Task.WaitAsync(cancellationToken);
    }

    private async Task CallAsync()
    {
        while (true)
        {
            KeyValuePair<long, TaskCompletionSource<T>>[] asked;
            lock (_lock)
            {
                asked = [.. _waiting.Take(mostIds)];
                foreach (var (id, _) in asked)
                    _waiting.Remove(id);
                if (asked.Length == 0)
                {
                    _calls--;
                    return;
                }

                Begun++;
            }

            try
            {
                var answers = await call([.. asked.Select(one => one.Key)]);
                foreach (var (id, answer) in asked)
                    answer.TrySetResult(answers(id));
            }
#pragma warning disable CA1031 // Every failure is handed to the callers.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                foreach (var (_, answer) in asked)
                {
                    answer.TrySetException(exception);

                    // Observed here, since all callers may have given up.
                    _ = answer.Task.Exception;
                }
            }
        }
    }
}
