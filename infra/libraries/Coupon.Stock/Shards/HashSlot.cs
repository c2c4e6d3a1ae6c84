using System.Globalization;

namespace Coupon.Stock.Shards;

/// <summary>
/// The slots of a Redis Cluster: which one a key belongs to follows from the text between its braces, by CRC16
/// (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#key-distribution-model).
/// </summary>
internal static class HashSlot
{
    /// <summary>How many there are.</summary>
    public const int Count = 16_384;

    private const ushort Polynomial = 0x1021;

    private static readonly ushort[] _remainders = Remainders();

    /// <summary>The slot of all keys of a coupon.</summary>
    public static int OfCoupon(long couponId)
    {
        Span<byte> tag = stackalloc byte[24];
        tag[0] = (byte)'c';
        couponId.TryFormat(tag[1..], out var written, provider: CultureInfo.InvariantCulture);
        return Of(tag[..(written + 1)]);
    }

    /// <summary>The slot of a text between braces.</summary>
    public static int Of(ReadOnlySpan<byte> tag)
    {
        var remainder = 0;
        foreach (var next in tag)
            remainder = ((remainder << 8) ^ _remainders[((remainder >> 8) ^ next) & 0xFF]) & 0xFFFF;
        return remainder % Count;
    }

    private static ushort[] Remainders()
    {
        var remainders = new ushort[256];
        for (var i = 0; i < remainders.Length; i++)
        {
            var remainder = i << 8;
            for (var bit = 0; bit < 8; bit++)
                remainder = (remainder & 0x8000) != 0 ? (remainder << 1) ^ Polynomial : remainder << 1;
            remainders[i] = (ushort)remainder;
        }

        return remainders;
    }
}
