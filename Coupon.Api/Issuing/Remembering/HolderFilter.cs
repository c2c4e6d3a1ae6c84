namespace Coupon.Api.Issuing.Remembering;

/// <summary>
/// The holders of a coupon as a Bloom filter: two bytes a holder where a list takes eight, so ten million of them fit into 20 MB. No holder is ever
/// missed; of the other users about one in a thousand is taken for a holder.
/// </summary>
/// <remarks>
/// With 16 bits a holder and 6 probes, the share of false positives is (1 - e^(-6/16))^6 = 0.09 % (B. H. Bloom, "Space/time trade-offs in hash
/// coding with allowable errors", 1970). The probes come from two hashes (Kirsch and Mitzenmacher, "Less hashing, same performance", 2006). A user
/// who is no holder is mostly recognised at the first or second probe, where a binary search among a million takes twenty.
/// </remarks>
internal sealed class HolderFilter(long holders)
{
    private const int BitsAHolder = 16;
    private const int Probes = 6;
    private const int BitsAWord = 64;

    private readonly ulong[] _words = new ulong[(holders * BitsAHolder / BitsAWord) + 1];

    /// <summary>Adds a holder. Not for two threads at a time, nor while others ask.</summary>
    public void Add(long userId)
    {
        var hash = Mix((ulong)userId);
        for (var probe = 0; probe < Probes; probe++)
        {
            var bit = BitOf(hash, probe);
            _words[bit / BitsAWord] |= 1UL << (int)(bit % BitsAWord);
        }
    }

    /// <summary>Whether the user may be a holder; false: certainly not.</summary>
    public bool MayHold(long userId)
    {
        var hash = Mix((ulong)userId);
        for (var probe = 0; probe < Probes; probe++)
        {
            var bit = BitOf(hash, probe);
            if ((_words[bit / BitsAWord] & (1UL << (int)(bit % BitsAWord))) == 0)
                return false;
        }

        return true;
    }

    // The upper half of a product is spread as evenly as the hash, and costs no division (D. Lemire, "Fast random integer generation", 2019).
    private ulong BitOf(ulong hash, int probe)
    {
        var (first, second) = ((uint)hash, (uint)(hash >> 32) | 1);
        return (ulong)(uint)(first + ((uint)probe * second)) * ((ulong)_words.Length * BitsAWord) >> 32;
    }

    // Ids of users are often consecutive: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014) makes each bit depend on all bits of the id.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
