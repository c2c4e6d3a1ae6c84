using Confluent.Kafka;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Stock;

namespace Coupon.Consumers.Operators;

/// <summary>A server that is away, as opposed to a defect of this program. Endpoints answer it with 503, since the request may be repeated.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Title">The server that does not answer.</param>
/// <param name="Reason">The message of its client.</param>
internal sealed record Unavailable(string Code, string Title, string Reason)
{
    public const int RetryAfterSeconds = 2;

    public string Detail => $"{Reason} The request may be repeated: nothing is done twice.";

    /// <returns>The server that the exception is about; null: none.</returns>
    public static Unavailable? Of(Exception exception) =>
        exception switch
        {
            // The client broke off, or sent what cannot be read; it is an exception of input and output, too.
            OperationCanceledException or BadHttpRequestException => null,
            ActionNotRecordedException => new(OperationCodes.DatabaseUnavailable, "MySQL does not answer", exception.Message),
            _ when RedisFailure.Is(exception) => new(OperationCodes.StockUnavailable, "Redis does not answer", exception.Message),
            KafkaException => new(OperationCodes.BrokerUnavailable, "Kafka does not answer", exception.Message),
            _ when DatabaseFailure.KindOf(exception) == DatabaseFailureKind.Transient => new(
                OperationCodes.DatabaseUnavailable,
                "MySQL does not answer",
                exception.GetBaseException().Message
            ),
            _ => null,
        };
}
