using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// The rows of a batch for LOAD DATA: a line each, its columns separated by commas. In rented memory, because an array of its own for each batch
/// would be a large object.
/// </summary>
internal sealed class RowLines : IDisposable
{
    /// <summary>
    /// Not LOAD DATA's default, the backslash: with the SQL mode NO_BACKSLASH_ESCAPES a server knows no <c>\N</c>, and reads a 0 instead of a NULL.
    /// </summary>
    public const char Escape = '!';

    // Four numbers of 20 characters, a time of 23, four commas and a line feed.
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
            var key = message.IdempotencyKeyHash?.ToString(CultureInfo.InvariantCulture) ?? Null;
            Utf8.TryWrite(
                _bytes.AsSpan(_length),
                CultureInfo.InvariantCulture,
                $"{message.CouponId},{message.Ordinal},{message.UserId},{issuedAt:s}.{issuedAt.Millisecond:D3},{key}\n",
                out var written
            );
            _length += written;
        }
    }

    /// <summary>The columns of a line, in its order.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["coupon_id", "ordinal", "user_id", "issued_at", "idempotency_key_hash"];

    public int Count { get; }

    private static string Null => $"{Escape}N";

    /// <summary>The lines, to be read before this object is disposed.</summary>
    public Stream Open() => new MemoryStream(_bytes, 0, _length, writable: false);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
