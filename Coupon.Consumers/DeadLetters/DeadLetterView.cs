using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>One dead letter for JSON and pages: bytes as text where they are text, else in base64.</summary>
public sealed record DeadLetterView
{
    /// <summary>The entry as lists show it.</summary>
    public required DeadLetterSummary Summary { get; init; }

    /// <summary>The original key.</summary>
    public required PayloadView? Key { get; init; }

    /// <summary>The original value.</summary>
    public required PayloadView? Value { get; init; }

    /// <summary>The original headers.</summary>
    public required IReadOnlyList<HeaderView> Headers { get; init; }

    /// <summary>The timestamp of the original record (UTC).</summary>
    public required DateTime? MessageTimestamp { get; init; }

    /// <summary>The consumer group that gave up on it.</summary>
    public required string ConsumerGroup { get; init; }

    /// <summary>The full type name of the last exception.</summary>
    public required string? ExceptionType { get; init; }

    /// <summary>Its message.</summary>
    public required string? ExceptionMessage { get; init; }

    /// <summary>Where it failed last: the first frame of the stack, <c>Type.Method</c>; null: not known.</summary>
    public required string? FailedIn { get; init; }

    /// <summary>The W3C trace id of the last failure.</summary>
    public required string? TraceId { get; init; }

    /// <summary>When it was last sent back (UTC).</summary>
    public required DateTime? ReplayedAt { get; init; }

    /// <summary>Discarded with the request to return its seat to the stock.</summary>
    public required bool SeatReturnRequested { get; init; }

    /// <summary>When the stock took the seat back (UTC).</summary>
    public required DateTime? SeatReturnedAt { get; init; }

    /// <summary>The audit, oldest first.</summary>
    public required IReadOnlyList<AuditView> Audit { get; init; }

    /// <summary>The view of an entry.</summary>
    public static DeadLetterView Of(DeadLetterDetails details)
    {
        var (row, audit) = details;
        return new DeadLetterView
        {
            Summary = DeadLetterSummary.Of(row),
            Key = PayloadView.Of(row.Key),
            Value = PayloadView.Of(row.Value),
            Headers = [.. HeaderJson.Read(row.Headers).Select(header => new HeaderView(header.Name, PayloadView.Of(header.Value)))],
            MessageTimestamp = row.MessageTimestamp,
            ConsumerGroup = row.ConsumerGroup,
            ExceptionType = row.ExceptionType,
            ExceptionMessage = row.ExceptionMessage,
            FailedIn = row.FailedIn,
            TraceId = row.TraceId,
            ReplayedAt = row.ReplayedAt,
            SeatReturnRequested = row.SeatReturnRequested,
            SeatReturnedAt = row.SeatReturnedAt,
            Audit =
            [
                .. audit.Select(entry => new AuditView(
                    entry.At,
                    entry.Actor,
                    entry.Action,
                    entry.Detail,
                    entry.Operation,
                    PayloadView.Of(entry.ValueBefore),
                    PayloadView.Of(entry.ValueAfter)
                )),
            ],
        };
    }
}

/// <summary>A header.</summary>
public sealed record HeaderView(string Name, PayloadView? Value);

/// <summary>One line of the audit. Its operation is the action of an operator; null: the system did it, or finished it.</summary>
public sealed record AuditView(
    DateTime At,
    string Actor,
    DeadLetterAction Action,
    string? Detail,
    string? Operation,
    PayloadView? ValueBefore,
    PayloadView? ValueAfter
);

/// <summary>Bytes: as text, or in base64 where they are not text.</summary>
public sealed record PayloadView(string? Text, string? Base64)
{
    /// <summary>The view of bytes; null where there are none.</summary>
    public static PayloadView? Of(byte[]? bytes) =>
        bytes is null ? null
        : HeaderJson.TryText(bytes) is { } text ? new PayloadView(text, null)
        : new PayloadView(null, Convert.ToBase64String(bytes));

    /// <summary>The text, or the base64 marked as such.</summary>
    public override string ToString() => Text ?? $"{Base64} (base64)";
}
