namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A client is not a member of its group: another one takes its place.</summary>
/// <param name="message">Why, and since when.</param>
/// <param name="wasMember">Whether it had been a member for a while before: then the next one may well be.</param>
internal sealed class ClientGivenUpException(string message, bool wasMember) : Exception(message)
{
    public bool WasMember => wasMember;
}
