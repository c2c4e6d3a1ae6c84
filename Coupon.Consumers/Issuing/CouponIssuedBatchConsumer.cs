using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Records;
using Coupon.Consumers.Telemetry;
using Coupon.Contracts;
using Coupon.Stock.Tail;
using MassTransit;
using DeadLetterHeaders = Coupon.Contracts.DeadLetterHeaders;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// Takes a batch and returns when every message of it is either in MySQL or acknowledged in the dead-letter topic. It returns for no other reason, so
/// the rider may commit the offsets then; only a cancellation escapes.
/// </summary>
internal sealed class CouponIssuedBatchConsumer(
    ConsumptionGate gate,
    ValvedWriting writing,
    DeadLetterPublisher deadLetters,
    ConsumerMetrics metrics,
    TimeProvider time
) : IConsumer<Batch<CouponIssued>>
{
    public async Task Consume(ConsumeContext<Batch<CouponIssued>> context)
    {
        await gate.WaitAsync(context.CancellationToken);
        var batch = context.Message;
        metrics.BatchReceived(batch.Length);
        var (issuances, count, undecodable) = (new Issuance[batch.Length], 0, new List<Rejection>());
        for (var index = 0; index < batch.Length; index++)
        {
            var issuance = new Issuance(batch[index].Message, index);
            if (ReferenceEquals(issuance.Message, CouponIssuedDeserializer.Undecodable))
                undecodable.Add(UndecodableRejection(batch[index], issuance));
            else
                issuances[count++] = issuance;
        }

        var rejections = await writing.WriteAsync(count == issuances.Length ? issuances : issuances[..count], undecodable, context.CancellationToken);
        if (count > 0 && rejections.Count == 0)
            metrics.Delayed(time.GetUtcNow() - issuances.Take(count).Min(issuance => issuance.Message.IssuedAt));
        if (rejections.Count > 0)
            await deadLetters.PublishAsync(
                rejections.Select(rejection => Letter(batch[rejection.Issuance.Index], rejection)),
                context.CancellationToken
            );
    }

    private Rejection UndecodableRejection(ConsumeContext message, Issuance issuance)
    {
        CouponIssuedReader.TryRead(message.ReceiveContext.Body.GetBytes(), out var reason);
        var now = time.GetUtcNow();
        return new Rejection(issuance, RejectionCauses.Undecodable, reason ?? new JsonException("The message has no value."))
        {
            FirstFailedAt = now,
            LastFailedAt = now,
        };
    }

    private static DeadLetter Letter(ConsumeContext<CouponIssued> message, Rejection rejection)
    {
        var record = ConsumedRecord.Of(message);
        return new DeadLetter
        {
            Topic = record.Topic,
            Partition = record.Partition,
            Offset = record.Offset,
            Timestamp = record.Timestamp,
            Key = record.Key,
            Value = record.Value,
            Headers = record.Headers,
            ConsumerGroup = message.TryGetPayload(out KafkaConsumeContext? kafka) ? kafka.GroupId : "",
            Cause = rejection.Cause,
            ExceptionType = rejection.Exception.GetType().FullName,
            ExceptionMessage = DeadLetter.Shorten(FailureText.Of(rejection.Exception)),
            FailedIn = FailureFrame.Of(rejection.Exception),
            Attempts = rejection.Attempts,
            FirstFailedAt = rejection.FirstFailedAt,
            LastFailedAt = rejection.LastFailedAt,
            TraceId = TraceOf(record),
            ReplayCount = (int)Math.Min(Number(record, DeadLetterHeaders.ReplayCount), int.MaxValue),
            // An undecodable message is not a ReplayedCouponIssued, so its headers are read here.
            LedgerId = rejection.Issuance.LedgerId is > 0 and var known ? known : Number(record, DeadLetterHeaders.LedgerId),
            LedgerOrigin = TextOf(record, DeadLetterHeaders.LedgerOrigin),
        };
    }

    private static string? TextOf(ConsumedRecord record, string name) =>
        record.Headers.LastOrDefault(header => header.Name == name).Value is { } value ? Encoding.UTF8.GetString(value) : null;

    private static long Number(ConsumedRecord record, string name)
    {
        var value = record.Headers.LastOrDefault(header => header.Name == name).Value;
        return value is not null && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    // The trace of the press, not that of the batch, which many presses share.
    private static string? TraceOf(ConsumedRecord record) => (TraceHeaders.Read(record.Headers) ?? Activity.Current?.Context)?.TraceId.ToHexString();
}
