using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration;

/// <summary>
/// Logs what a client reports, without repeating itself. A broker that is away fails every attempt to connect, several times a second: that is said
/// once, by whoever sees that all are away, and once when one is back; each attempt is for debugging. Any other error is a warning, once a minute.
/// </summary>
internal sealed class ClientErrors(ILogger logger, string client, TimeProvider time)
{
    private static readonly TimeSpan _quiet = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ErrorCode, long> _said = new();

    public void Report(Error error)
    {
        if (!IsOfConnection(error.Code) && IsNew(error.Code))
            Log.ClientError(logger, client, error.Code, error.Reason);
        else
            Log.Client(logger, client, $"{error.Code}: {error.Reason}");
    }

    private static bool IsOfConnection(ErrorCode code) =>
        code is ErrorCode.Local_Transport or ErrorCode.Local_Resolve or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown;

    private bool IsNew(ErrorCode code)
    {
        var now = time.GetTimestamp();
        if (_said.TryGetValue(code, out var before) && time.GetElapsedTime(before, now) < _quiet)
            return false;
        _said[code] = now;
        return true;
    }
}
