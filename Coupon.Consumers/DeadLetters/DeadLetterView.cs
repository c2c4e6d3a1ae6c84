using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>One dead letter as operators read it, in JSON and on pages: bytes as text where they are text, else in base64.</summary>
internal sealed record DeadLetterView
{
    public required DeadLetterSummary Summary { get; init; }

    /// <summary>The original key.</summary>
    public required PayloadView? Key { get; init; }

    /// <summary>The original value.</summary>
    public required PayloadView? Value { get; init; }

    /// <summary>The original headers.</summary>
    public required IReadOnlyList<HeaderView> Headers { get; init; }

    public required DateTime? MessageTimestamp { get; init; }

    public required string ConsumerGroup { get; init; }

    public required string? ExceptionType { get; init; }

    public required string? ExceptionMessage { get; init; }

    public required string? TraceId { get; init; }

    public required DateTime? ReplayedAt { get; init; }

    public required bool SeatReturnRequested { get; init; }

    public required DateTime? SeatReturnedAt { get; init; }

    /// <summary>All that was done, oldest first.</summary>
    public required IReadOnlyList<AuditView> Audit { get; init; }

    public static DeadLetterView Of(DeadLetterDetails details)
    {
        var (row, audit) = details;
        return new DeadLetterView
        {
            Summary = new DeadLetterSummary(
                row.Id, row.State, row.Cause, row.CouponId, row.Ordinal, row.UserId, row.Topic, row.Partition, row.Offset,
                row.Attempts, row.ReplayCount, row.FirstFailedAt, row.LastFailedAt, row.ExceptionMessage),
            Key = PayloadView.Of(row.Key),
            Value = PayloadView.Of(row.Value),
            Headers = [.. HeaderJson.Read(row.Headers).Select(header => new HeaderView(header.Name, PayloadView.Of(header.Value)))],
            MessageTimestamp = row.MessageTimestamp,
            ConsumerGroup = row.ConsumerGroup,
            ExceptionType = row.ExceptionType,
            ExceptionMessage = row.ExceptionMessage,
            TraceId = row.TraceId,
            ReplayedAt = row.ReplayedAt,
            SeatReturnRequested = row.SeatReturnRequested,
            SeatReturnedAt = row.SeatReturnedAt,
            Audit = [.. audit.Select(entry => new AuditView(
                entry.At, entry.Actor, entry.Action, entry.Detail, PayloadView.Of(entry.ValueBefore), PayloadView.Of(entry.ValueAfter)))],
        };
    }
}

/// <summary>A header.</summary>
internal sealed record HeaderView(string Name, PayloadView? Value);

/// <summary>One line of the audit.</summary>
internal sealed record AuditView(DateTime At, string Actor, DeadLetterAction Action, string? Detail, PayloadView? ValueBefore, PayloadView? ValueAfter);

/// <summary>Bytes: as text, or in base64 where they are none.</summary>
internal sealed record PayloadView(string? Text, string? Base64)
{
    public static PayloadView? Of(byte[]? bytes) => bytes is null ? null
        : HeaderJson.TryText(bytes) is { } text ? new PayloadView(text, null) : new PayloadView(null, Convert.ToBase64String(bytes));

    public override string ToString() => Text ?? $"{Base64} (base64)";
}
