using System.Globalization;

namespace Coupon.Stock.Verification;

/// <summary>
/// For which verifications an instance has handed back everything: the last one of each shard. Their ids ascend within a shard; those of different
/// shards may wait in any order. Never changed.
/// </summary>
internal sealed class SettledVerifications
{
    private readonly Dictionary<string, long> _byShard;

    private SettledVerifications(Dictionary<string, long> byShard) => _byShard = byShard;

    /// <summary>For none.</summary>
    public static SettledVerifications None { get; } = new([]);

    /// <summary>The last one of a shard; 0: none.</summary>
    public long Of(string shard) => _byShard.GetValueOrDefault(shard);

    /// <summary>With one more.</summary>
    public SettledVerifications With(string shard, long verification) =>
        Of(shard) >= verification ? this : new(new Dictionary<string, long>(_byShard) { [shard] = verification });

    /// <summary>As it is stored: <c>shard:id</c>, separated by spaces.</summary>
    public override string ToString() =>
        string.Join(' ', _byShard.Select(settled => string.Create(CultureInfo.InvariantCulture, $"{settled.Key}:{settled.Value}")));

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    public static SettledVerifications Parse(string text) =>
        new(
            text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(settled => settled.Split(':'))
                .ToDictionary(settled => settled[0], settled => long.Parse(settled[1], CultureInfo.InvariantCulture))
        );
}
