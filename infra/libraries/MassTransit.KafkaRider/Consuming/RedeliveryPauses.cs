namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Doubling pauses with a cap, up to a quarter shorter at random so that clients do not retry in step.</summary>
internal sealed record RedeliveryPauses(TimeSpan First, TimeSpan Longest)
{
    private const int DoublingsThatMatter = 30;

    public TimeSpan After(int attempt)
    {
        var doubled = First * Math.Pow(2, Math.Min(attempt - 1, DoublingsThatMatter));
        var capped = doubled < Longest ? doubled : Longest;
        return capped * (1 - Random.Shared.NextDouble() / 4);
    }
}
