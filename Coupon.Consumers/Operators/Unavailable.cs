using Confluent.Kafka;
using Coupon.Database;
using Coupon.Stock;

namespace Coupon.Consumers.Operators;

/// <summary>A server that is away, told from a defect of this program: answered with 503, since the same request will do later.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Title">Who does not answer.</param>
/// <param name="Reason">In its own words.</param>
internal sealed record Unavailable(string Code, string Title, string Reason)
{
    public const int RetryAfterSeconds = 2;

    public string Detail => $"{Reason} What was asked for may be asked again: what is done already is not done twice.";

    /// <returns>Null: the exception is not of that kind.</returns>
    public static Unavailable? Of(Exception exception) =>
        exception switch
        {
            OperationCanceledException => null,
            _ when RedisFailure.Is(exception) => new("stock-unavailable", "Redis does not answer", exception.Message),
            KafkaException => new("broker-unavailable", "Kafka does not answer", exception.Message),
            _ when DatabaseFailure.KindOf(exception) == DatabaseFailureKind.Transient => new(
                "database-unavailable",
                "MySQL does not answer",
                exception.GetBaseException().Message
            ),
            _ => null,
        };
}
