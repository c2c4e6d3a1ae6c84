using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Coupon.Api.Issuing.Deciding;

/// <summary>
/// The Idempotency-Key header. 64 bits of its hash are kept with the seat. They are compared only with the key of the same user and coupon, so an
/// accidental match takes 2⁶⁴ tries, and repeats an answer that is true anyway.
/// </summary>
internal static class IdempotencyKey
{
    private const int MaxLength = 128;
    private static readonly SearchValues<char> _visible = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    /// <summary>Hashes the key; null where no header was sent.</summary>
    /// <returns>False: the header is not one visible ASCII text of 1 to 128 characters.</returns>
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
