using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>The users hash of one coupon, by ordinal: eight bytes a seat, so that a million of them can be compared in memory.</summary>
internal sealed class SeatsInRedis(IDatabase database, CouponKeys keys)
{
    private const int ScanPage = 2000;
    private const int FirstSize = 1024;

    // Thousands of coupons may be verified of which nothing was issued.
    private long[] _users = [];

    /// <summary>The largest ordinal; 0: none.</summary>
    public long Max { get; private set; }

    /// <summary>Reads all.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var seat in ScanAsync(cancellationToken))
        {
            if (seat.Ordinal >= _users.Length)
                Array.Resize(ref _users, (int)Math.Max(FirstSize, Math.Max(seat.Ordinal + 1, _users.Length * 2L)));
            _users[seat.Ordinal] = seat.UserId;
            Max = Math.Max(Max, seat.Ordinal);
        }
    }

    /// <summary>The user who holds an ordinal; 0: nobody.</summary>
    public long UserOf(long ordinal) => ordinal < _users.Length ? _users[ordinal] : 0;

    /// <summary>Reads all once more, seat by seat.</summary>
    public async IAsyncEnumerable<HeldSeat> ScanAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in database.HashScanAsync(keys.Users, pageSize: ScanPage).WithCancellation(cancellationToken))
        {
            if (HeldSeat.TryParseUser(keys.CouponId, entry.Name, entry.Value, out var seat))
                yield return seat;
        }
    }
}
