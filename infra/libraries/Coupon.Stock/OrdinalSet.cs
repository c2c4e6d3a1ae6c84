using System.Numerics;

namespace Coupon.Stock;

/// <summary>A set of ordinals, one bit each: a million of them is 125 kB. Ordinals are dense, so nothing is wasted.</summary>
internal sealed class OrdinalSet
{
    /// <summary>Topics may hold anything: a number that is not ours must not cost memory.</summary>
    private const long Largest = 1L << 32;

    private ulong[] _words = new ulong[16];

    /// <summary>How many ordinals it holds.</summary>
    public long Count { get; private set; }

    /// <summary>The largest; 0 where it is empty.</summary>
    public long Max { get; private set; }

    /// <summary>Adds one. An ordinal beyond <see cref="Largest"/> was never given out and is left out.</summary>
    /// <returns>False where it was there before, or is left out.</returns>
    public bool Add(long ordinal)
    {
        if (ordinal is < 1 or > Largest)
            return false;
        var word = (int)(ordinal >> 6);
        if (word >= _words.Length)
            Array.Resize(ref _words, (int)BitOperations.RoundUpToPowerOf2((uint)word + 1));
        var bit = 1UL << (int)(ordinal & 63);
        if ((_words[word] & bit) != 0)
            return false;
        _words[word] |= bit;
        Count++;
        Max = Math.Max(Max, ordinal);
        return true;
    }

    /// <summary>Whether it is in the set.</summary>
    public bool Contains(long ordinal)
    {
        var word = ordinal >> 6;
        return word < _words.Length && (_words[word] & (1UL << (int)(ordinal & 63))) != 0;
    }

    /// <summary>The ordinals between two bounds, both inclusive, that are not in the set, ascending.</summary>
    public IEnumerable<long> Missing(long from, long to)
    {
        for (var ordinal = from; ordinal <= to; ordinal++)
        {
            if (!Contains(ordinal))
                yield return ordinal;
        }
    }
}
