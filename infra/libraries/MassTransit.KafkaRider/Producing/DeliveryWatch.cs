using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>
/// Whether a client delivers at all. One message at a time is watched, so that the others cost nothing; once that one has timed out, all are, until
/// one is delivered. A client that delivers none, though a broker answers all the while, is given up.
/// </summary>
/// <param name="brokerAnswers">Asks, by another client.</param>
/// <param name="giveUp">Called once.</param>
internal sealed class DeliveryWatch(Func<bool> brokerAnswers, Action giveUp)
{
    private static readonly TimeSpan _probeInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private int _watching;
    private volatile bool _isDoubtful;
    private volatile bool _isOver;
    private long? _answersSince;

    /// <summary>A message has timed out, and none was delivered since.</summary>
    public bool IsDoubtful => _isDoubtful;

    /// <summary>A message is under way.</summary>
    public void Watch(Task delivered)
    {
        var isOnly = false;
        if (!_isDoubtful)
        {
            if (Volatile.Read(ref _watching) != 0 || Interlocked.Exchange(ref _watching, 1) != 0)
                return;
            isOnly = true;
        }

        var begun = TimeProvider.System.GetTimestamp();
        delivered.ContinueWith(
            ended => Ended(ended, begun, isOnly),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    /// <summary>The client is closed.</summary>
    public void Close() => _isOver = true;

    private void Ended(Task delivered, long begun, bool isOnly)
    {
        if (isOnly)
            Volatile.Write(ref _watching, 0);
        if (delivered.IsCompletedSuccessfully)
            _isDoubtful = false;
        else if (delivered.Exception?.GetBaseException() is KafkaException { Error.Code: ErrorCode.Local_MsgTimedOut })
            TimedOut(begun);
    }

    private void TimedOut(long begun)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            if (!_isDoubtful)
            {
                _isDoubtful = true;
                _answersSince = null;
                _ = Task.Run(Probe);
                return;
            }

            // The whole time that the message had, a broker answered.
            if (_answersSince is not { } since || begun < since)
                return;
            _isOver = true;
        }

        giveUp();
    }

    private async Task Probe()
    {
        while (_isDoubtful && !_isOver)
        {
            var asked = TimeProvider.System.GetTimestamp();
            var answers = brokerAnswers();
            lock (_lock)
                _answersSince = answers ? _answersSince ?? asked : null;
            await Task.Delay(_probeInterval, TimeProvider.System).ConfigureAwait(false);
        }
    }
}
