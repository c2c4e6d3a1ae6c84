using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Which partitions make no progress while messages wait: a message that fails again and again, or a handler that does not return. Looked at once a
/// second by the polling thread, so that the path of a message costs nothing more.
/// </summary>
internal sealed class ProgressWatch(ReceiveEndpointContext endpoint, PartitionAssignment assignment, TimeSpan limit, IClientState state)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private long _lookedAt = TimeProvider.System.GetTimestamp();
    private string _reported = "";

    private ILogger Logger => endpoint.LogContext.Logger;

    public void Look()
    {
        var now = TimeProvider.System.GetTimestamp();
        if (TimeProvider.System.GetElapsedTime(_lookedAt, now) < _interval)
            return;
        _lookedAt = now;
        List<AssignedPartition>? still = null;
        var isNew = false;
        foreach (var partition in assignment.Partitions)
        {
            var wasStill = partition.StandsStill;
            partition.LookAtProgress(now, limit);
            if (!partition.StandsStill)
                continue;
            (still ??= []).Add(partition);
            isNew |= !wasStill;
        }

        Report(still, isNew);
    }

    private void Report(List<AssignedPartition>? still, bool isNew)
    {
        if (still is null)
        {
            if (_reported.Length == 0)
                return;
            _reported = "";
            Log.GetsOn(Logger, endpoint.InputAddress);
            state.GetsOn();
            return;
        }

        var which = string.Join(
            ", ",
            still
                .OrderBy(partition => partition.Partition.Topic, StringComparer.Ordinal)
                .ThenBy(partition => partition.Number)
                .Select(partition => $"{assignment.NameOf(partition)} at {partition.Offsets.Next}")
        );
        if (which == _reported)
            return;
        _reported = which;
        if (isNew)
            Log.StandsStill(Logger, endpoint.InputAddress, which, limit);
        state.StandsStill($"No progress for {limit} or longer while messages wait, in partitions {which}.");
    }
}
