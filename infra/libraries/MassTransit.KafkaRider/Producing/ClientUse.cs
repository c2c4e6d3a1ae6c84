namespace MassTransit.KafkaIntegration.Producing;

/// <summary>
/// Counts the calls that are inside a client, so that none meets its end: the C# client hands librdkafka a bare pointer, which is not kept alive for
/// the time of the call (<c>SafeKafkaHandle</c> in confluent-kafka-dotnet), and a call into a client that is destroyed ends the process with SIGSEGV.
/// </summary>
internal sealed class ClientUse
{
    private const int Ended = int.MinValue / 2;

    private readonly ManualResetEventSlim _isUnused = new();

    // The calls that are inside; lower by Ended once nobody is let in any more.
    private int _count;

    /// <summary>Begins a call; <see cref="Leave"/> ends it.</summary>
    /// <returns>False: the client is being closed.</returns>
    public bool TryEnter()
    {
        var count = Volatile.Read(ref _count);
        while (count >= 0)
        {
            var seen = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (seen == count)
                return true;
            count = seen;
        }

        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == Ended)
            _isUnused.Set();
    }

    /// <summary>Lets nobody in any more, and waits until those that are inside have left. Called once, by the owner.</summary>
    /// <returns>False: somebody is still inside.</returns>
    public bool End(TimeSpan timeout) => Interlocked.Add(ref _count, Ended) == Ended || _isUnused.Wait(timeout);
}
