using System.Text.Json;

namespace Coupon.Sale.Books;

/// <summary>The balance that the service itself reports.</summary>
internal sealed record Balance(long Total, long Remaining, long Outbox, long InKafka, long Persisted, long OpenDeadLetters, long Voided)
{
    public long Sum => Remaining + Outbox + InKafka + Persisted + OpenDeadLetters + Voided;

    public bool AddsUp => Total == Sum;

    /// <summary>Nothing is in the outbox or unread in Kafka.</summary>
    public bool IsDrained => Outbox == 0 && InKafka == 0;

    public static Balance From(JsonElement answer) =>
        new(
            Count(answer, "total"),
            Count(answer, "remaining"),
            Count(answer, "outbox"),
            Count(answer, "inKafka"),
            Count(answer, "persisted"),
            Count(answer, "openDeadLetters"),
            Count(answer, "voided")
        );

    private static long Count(JsonElement answer, string name) => answer.GetProperty(name).GetInt64();
}
