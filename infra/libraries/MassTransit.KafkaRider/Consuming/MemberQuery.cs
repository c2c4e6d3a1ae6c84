using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Asks the coordinator from time to time whether a client is a member of its group. With <c>group.protocol=consumer</c> the client (librdkafka 2.16)
/// tells of no assignment that is empty, so a member without a share cannot be told from a client that is out by its call-backs. Called by the
/// polling thread only.
/// </summary>
internal sealed class MemberQuery(IConsumer<byte[], byte[]> consumer, string group, ILogger logger)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _memberInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(3);

    private Task<bool> _asking = Task.FromResult(false);
    private long? _askedAt;
    private bool? _answer;
    private bool _isStale;

    /// <summary>The last answer, without waiting for the next one; null before the first.</summary>
    public bool? IsMember()
    {
        if (!_asking.IsCompleted)
            return _answer;
        if (_askedAt is { } asked && !_isStale)
        {
            _answer = _asking.Result;
            if (TimeProvider.System.GetElapsedTime(asked) < (_answer == true ? _memberInterval : _interval))
                return _answer;
        }

        _isStale = false;
        _askedAt = TimeProvider.System.GetTimestamp();
        _asking = Task.Run(Ask);
        return _answer;
    }

    /// <summary>What was answered is not so any more.</summary>
    public void Forget()
    {
        _isStale = true;
        _answer = null;
    }

    /// <summary>Ends when nobody asks the client any more.</summary>
    public Task Close() => _asking;

    private async Task<bool> Ask()
    {
        try
        {
            var id = consumer.MemberId;
            if (string.IsNullOrEmpty(id))
                return false;
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            var described = await admin
                .DescribeConsumerGroupsAsync([group], new DescribeConsumerGroupsOptions { RequestTimeout = _timeout })
                .ConfigureAwait(false);
            return described.ConsumerGroupDescriptions.Exists(of => of.Members.Exists(member => member.ConsumerId == id));
        }
        catch (KafkaException exception)
        {
            Log.Client(logger, group, exception.Message);
            return false;
        }
    }
}
