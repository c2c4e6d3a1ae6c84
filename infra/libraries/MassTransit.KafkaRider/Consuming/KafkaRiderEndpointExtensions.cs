using MassTransit.KafkaIntegration.Consuming;

namespace MassTransit;

/// <summary>
/// What this rider's endpoints have beyond MassTransit.Kafka. An application that is to build with either keeps its calls of these in one file.
/// </summary>
public static class KafkaRiderEndpointExtensions
{
    /// <summary>
    /// Takes messages that cannot be decoded, or whose key a consumer asked for and cannot be read, before their offsets count as done. Without it,
    /// the first such message stops the endpoint, which then reports unhealthy: nothing is skipped.
    /// </summary>
    /// <param name="configurator">The endpoint.</param>
    /// <param name="handler">
    /// Keeps the message: when it returns, the message is done. When it throws, it is called again after a pause, and the partition waits.
    /// </param>
    public static void HandleUndecodableMessages(
        this IKafkaTopicReceiveEndpointConfigurator configurator,
        Func<UndecodableMessage, CancellationToken, Task> handler
    )
    {
        ArgumentNullException.ThrowIfNull(handler);
        Settings(configurator).UndecodableHandler = handler;
    }

    /// <summary>
    /// Sets the pauses between attempts to deliver what a consumer threw on. They double from the first to the longest, with up to a quarter less at
    /// random; there is no last attempt. Default: 200 ms to 10 seconds.
    /// </summary>
    /// <param name="configurator">The endpoint.</param>
    /// <param name="first">Pause after the first failure.</param>
    /// <param name="longest">The pause stops growing here.</param>
    public static void RedeliverAfter(this IKafkaTopicReceiveEndpointConfigurator configurator, TimeSpan first, TimeSpan longest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, first);
        Settings(configurator).RedeliveryPauses = new RedeliveryPauses(first, longest);
    }

    /// <summary>
    /// Sets after how long an endpoint reports a partition that makes no progress while messages wait, that is, whose first message is not done: by
    /// one warning, and as unhealthy until it gets on. A batch's time limit is added. Default: one minute. Longer than a consumer takes when all is
    /// well.
    /// </summary>
    /// <param name="configurator">The endpoint.</param>
    /// <param name="time">From a second to a day.</param>
    public static void ReportNoProgressAfter(this IKafkaTopicReceiveEndpointConfigurator configurator, TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, TimeSpan.FromDays(1));
        Settings(configurator).StandsStillAfter = time;
    }

    /// <summary>
    /// Gives up on a message that was tried so often: it goes to a dead-letter topic, with its key, value and headers as they are and with
    /// <see cref="DeadLetterHeaders"/>, and is done when the broker has acknowledged that. While it cannot be kept, its partition waits. Of a batch
    /// that goes on failing, the messages at fault are found by trying parts of it. What cannot be decoded goes there at once, unless
    /// <see cref="HandleUndecodableMessages"/> takes it. Attempts are counted while a client has the partition: after a restart they begin anew.
    /// Default: off, a message is delivered until it succeeds.
    /// </summary>
    /// <param name="configurator">The endpoint.</param>
    /// <param name="attempts">
    /// How often a message is tried, the first time included; 1 or more. The pauses between are those of <see cref="RedeliverAfter"/>.
    /// </param>
    /// <param name="configure">Names the dead-letter topic, and the exceptions that count.</param>
    public static void GiveUpAfter(
        this IKafkaTopicReceiveEndpointConfigurator configurator,
        int attempts,
        Action<KafkaDeadLetterOptions>? configure = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        var options = new KafkaDeadLetterOptions();
        configure?.Invoke(options);
        Settings(configurator).GiveUp = new GiveUpSettings(attempts, options);
    }

    private static IKafkaRiderEndpointSettings Settings(IKafkaTopicReceiveEndpointConfigurator configurator) =>
        configurator as IKafkaRiderEndpointSettings ?? throw new ConfigurationException("Only a topic endpoint of this rider has this setting.");
}
