using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Coupon.Api.Issuing;

/// <summary>
/// The Idempotency-Key header. Only 64 bits of its hash are kept, with the seat wherever it is known: it is only ever compared with the
/// one key of the same user and coupon, so an accidental match would take 2⁶⁴ tries and repeat an answer that is true anyway.
/// </summary>
internal static class IdempotencyKey
{
    public const string HeaderName = "Idempotency-Key";
    private const int MaxLength = 128;
    private static readonly SearchValues<char> _visible = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    /// <summary>Null where no header was sent; false where it is not one visible ASCII text of 1 to 128 characters.</summary>
    public static bool TryHash(StringValues header, out long? hash)
    {
        hash = null;
        if (header.Count == 0)
            return true;
        if (header is not [{ Length: > 0 and <= MaxLength } key] || key.AsSpan().ContainsAnyExcept(_visible))
            return false;

        Span<byte> bytes = stackalloc byte[MaxLength];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(key, bytes)], digest);
        hash = BinaryPrimitives.ReadInt64BigEndian(digest);
        return true;
    }
}
