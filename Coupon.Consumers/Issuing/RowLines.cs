using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// The rows of a batch as LOAD DATA reads them: a line each, its columns parted by commas. In rented memory: made anew for each large batch, it would
/// be
/// a large object to the collector.
/// </summary>
internal sealed class RowLines : IDisposable
{
    /// <summary>Not the backslash that LOAD DATA has by itself: a server with NO_BACKSLASH_ESCAPES has none, and would make a 0 of a NULL.</summary>
    public const char Escape = '!';

    // Four numbers of 20 characters, a time of 23, and what stands between and after them.
    private const int LongestLine = 108;

    private readonly byte[] _bytes;
    private readonly int _length;

    public RowLines(ReadOnlySpan<Issuance> issuances)
    {
        Count = issuances.Length;
        _bytes = ArrayPool<byte>.Shared.Rent(issuances.Length * LongestLine);
        foreach (var (message, _) in issuances)
        {
            var issuedAt = message.IssuedAt.UtcDateTime;
            var key = message.IdempotencyKeyHash?.ToString(CultureInfo.InvariantCulture) ?? _null;
            Utf8.TryWrite(
                _bytes.AsSpan(_length),
                CultureInfo.InvariantCulture,
                $"{message.CouponId},{message.Ordinal},{message.UserId},{issuedAt:s}.{issuedAt.Millisecond:D3},{key}\n",
                out var written
            );
            _length += written;
        }
    }

    /// <summary>What a line has, in its order.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["coupon_id", "ordinal", "user_id", "issued_at", "idempotency_key_hash"];

    public int Count { get; }

    // As LOAD DATA has it.
    private static string _null => $"{Escape}N";

    /// <summary>The lines, to be read before these are disposed.</summary>
    public Stream Open() => new MemoryStream(_bytes, 0, _length, writable: false);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
