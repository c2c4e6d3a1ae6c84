using System.Collections;
using System.Globalization;

namespace Coupon.Stock.Shards;

/// <summary>Some slots of a cluster. Never changed.</summary>
public sealed class SlotSet
{
    private readonly BitArray _slots = new(HashSlot.Count);

    /// <summary>The slots of some ranges.</summary>
    /// <param name="ranges">The first and the last slot of each.</param>
    internal SlotSet(IEnumerable<(int From, int To)> ranges)
    {
        foreach (var (from, to) in ranges)
        {
            for (var slot = from; slot <= to; slot++)
                _slots[slot] = true;
        }
    }

    /// <summary>Whether a slot is among them.</summary>
    public bool Contains(int slot) => _slots[slot];

    /// <summary>Whether the two have a slot in common.</summary>
    public bool Meets(SlotSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return All().Any(other.Contains);
    }

    /// <summary>All of them, ascending.</summary>
    public IEnumerable<int> All() => Enumerable.Range(0, HashSlot.Count).Where(Contains);

    /// <summary>Ranges, as a cluster writes them: <c>0-5460 8000</c>.</summary>
    public override string ToString()
    {
        var ranges = new List<string>();
        for (var slot = 0; slot < HashSlot.Count; slot++)
        {
            if (!_slots[slot])
                continue;
            var from = slot;
            while (slot + 1 < HashSlot.Count && _slots[slot + 1])
                slot++;
            ranges.Add(from == slot ? Text(from) : $"{Text(from)}-{Text(slot)}");
        }

        return string.Join(' ', ranges);
    }

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    internal static SlotSet Parse(string text) =>
        new(
            text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(range => range.Split('-'))
                .Select(ends => (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[^1], CultureInfo.InvariantCulture)))
        );

    private static string Text(int slot) => slot.ToString(CultureInfo.InvariantCulture);
}
