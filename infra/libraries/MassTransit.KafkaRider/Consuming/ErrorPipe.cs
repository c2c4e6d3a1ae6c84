using System.Text.Json;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What an endpoint was told to do with a message whose consumer threw, as the filters of its error pipe say of themselves.</summary>
/// <param name="IsConfigured">Whether it is anything but to throw on, which is the default here.</param>
/// <param name="Discards"><c>DiscardFaultedMessages()</c>.</param>
internal sealed record ErrorPipe(bool IsConfigured, bool Discards)
{
    private const string Discard = "discardFault";
    private const string Rethrow = "log-fault";

    public static ErrorPipe Of(IPipe<ExceptionReceiveContext> pipe)
    {
        if (!pipe.IsNotEmpty())
            return new ErrorPipe(false, false);
        var filters = JsonSerializer.Serialize(pipe.GetProbeResult().Results);
        return filters.Contains(Rethrow, StringComparison.Ordinal)
            ? new ErrorPipe(false, false)
            : new ErrorPipe(true, filters.Contains(Discard, StringComparison.Ordinal));
    }
}
