using Coupon.Consumers.Records;

namespace Coupon.Consumers.DeadLetters;

/// <summary>A message that was given up: its unchanged bytes, its origin and the cause.</summary>
internal sealed record DeadLetter
{
    /// <summary>The topic that it was read from.</summary>
    public required string Topic { get; init; }

    /// <summary>The partition.</summary>
    public required int Partition { get; init; }

    /// <summary>The offset.</summary>
    public required long Offset { get; init; }

    /// <summary>Its place in the dead-letter topic; null: it was not read from there.</summary>
    public Origin? Place { get; init; }

    /// <summary>The timestamp of the record; null: it had none.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The key, byte for byte; null: none.</summary>
    public byte[]? Key { get; init; }

    /// <summary>The value, byte for byte; null: a tombstone.</summary>
    public byte[]? Value { get; init; }

    /// <summary>The headers that it came with, in their order.</summary>
    public IReadOnlyList<MessageHeader> Headers { get; init; } = [];

    /// <summary>The consumer group that gave up on it.</summary>
    public required string ConsumerGroup { get; init; }

    /// <summary>The stable name of the cause.</summary>
    public required string Cause { get; init; }

    /// <summary>The full type name of the exception.</summary>
    public string? ExceptionType { get; init; }

    /// <summary>Its message, at most <see cref="MaxExceptionMessageLength"/> characters, without a stack trace.</summary>
    public string? ExceptionMessage { get; init; }

    /// <summary>Where it failed: the first frame of the stack; null: not known.</summary>
    public string? FailedIn { get; init; }

    /// <summary>How often writing was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it failed first.</summary>
    public required DateTimeOffset FirstFailedAt { get; init; }

    /// <summary>When it failed last.</summary>
    public required DateTimeOffset LastFailedAt { get; init; }

    /// <summary>The W3C trace id.</summary>
    public string? TraceId { get; init; }

    /// <summary>How often it had been replayed before this failure.</summary>
    public int ReplayCount { get; init; }

    /// <summary>The ledger entry that it replays, as its headers say; 0: none.</summary>
    public long LedgerId { get; init; }

    /// <summary>The origin of that entry's message, as the headers say; null: they say nothing.</summary>
    public string? LedgerOrigin { get; init; }

    /// <summary>The most characters of <see cref="ExceptionMessage"/>.</summary>
    public const int MaxExceptionMessageLength = 1000;

    public static string Shorten(string message) =>
        message.Length <= MaxExceptionMessageLength ? message : message[..MaxExceptionMessageLength] + "…";
}
