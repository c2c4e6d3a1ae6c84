using Coupon.Stock.Shards;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>Brings one coupon in Redis up to what MySQL and the topics know, while it is off sale.</summary>
internal sealed class CouponVerification
{
    private readonly IDatabase _database;
    private readonly PersistedSeats _persisted;
    private readonly ForgottenOrdinals _forgotten;
    private readonly CouponKeys _keys;
    private readonly SeatMerge _merge;
    private readonly SeatsInRedis _inRedis;
    private readonly OrdinalSet _elsewhere = new();
    private readonly OrdinalSet _rows = new();
    private readonly HashSet<(long Ordinal, long UserId)> _claimed = [];
    private readonly List<HeldSeat> _outbox = [];
    private readonly List<HeldSeat> _unread = [];
    private readonly List<HeldSeat> _handedBack = [];
    private readonly List<HeldSeat> _read = [];
    private readonly Shard _shard;
    private readonly ILogger _logger;
    private HandedBackClaims _claims = new([]);
    private long _lastPossible;
    private long _returnedInRedis;
    private long _returnsLost;
    private long _ordinalBefore;

    public CouponVerification(
        IDatabase database,
        PersistedSeats persisted,
        ForgottenOrdinals forgotten,
        Shard shard,
        long verificationId,
        long couponId,
        ILogger logger
    )
    {
        (_database, _persisted, _forgotten, _shard, _logger) = (database, persisted, forgotten, shard, logger);
        _keys = new CouponKeys(couponId);
        _merge = new SeatMerge(database, _keys, shard, verificationId);
        _inRedis = new SeatsInRedis(database, _keys);
    }

    /// <summary>Which coupon.</summary>
    public long CouponId => _keys.CouponId;

    /// <summary>The last ordinal that Redis knew of when it was taken off sale.</summary>
    public long OrdinalBefore => _ordinalBefore;

    /// <summary>Takes the coupon off sale.</summary>
    public async Task BeginAsync() => _ordinalBefore = await _merge.BeginAsync();

    /// <summary>Reads the outbox before the topic is read, since entries move from the one to the other, and the holders of all seats.</summary>
    public async Task ReadRedisAsync(CancellationToken cancellationToken)
    {
        var returned = await _database.HashGetAsync(_keys.Verifying, [StateFields.Returned, StateFields.Retaken]);
        _returnedInRedis = (long)returned[0] + (long)returned[1];
        foreach (var member in await _database.SortedSetRangeByRankAsync(_keys.Outbox))
        {
            if (HeldSeat.TryParseOutbox(_keys.CouponId, member, out var seat))
                _outbox.Add(seat);
        }

        await _inRedis.ReadAsync(cancellationToken);
    }

    /// <summary>
    /// Takes a seat from the tail of a topic. Seats that Redis already has, which are most, are recorded as one bit; only unknown seats are stored.
    /// For one caller at a time.
    /// </summary>
    public void Take(HeldSeat seat)
    {
        if (_inRedis.UserOf(seat.Ordinal) == seat.UserId)
            _elsewhere.Add(seat.Ordinal);
        else
            _unread.Add(seat);
    }

    /// <summary>Takes what instances have handed back elsewhere than to this Redis: it is sent again.</summary>
    public void TakeHandedBack(IEnumerable<HeldSeat> seats) => _handedBack.AddRange(seats);

    /// <summary>
    /// Takes a seat from a message that was dealt with long ago. That says nothing where MySQL went back in time: without a row it is sent again.
    /// For one caller at a time.
    /// </summary>
    public void TakeRead(HeldSeat seat)
    {
        // A seat that only Redis knows is sent again in any case.
        if (_inRedis.UserOf(seat.Ordinal) != seat.UserId)
            _read.Add(seat);
    }

    /// <summary>Whether neither Redis nor a topic nor an instance has shown a seat of it. MySQL has not been asked yet.</summary>
    public bool HasSeenNoSeat =>
        _ordinalBefore == 0
        && _inRedis.Max == 0
        && _returnedInRedis == 0
        && _elsewhere.Max == 0
        && _outbox.Count + _unread.Count + _read.Count + _handedBack.Count == 0;

    /// <summary>Puts the coupon on sale again where MySQL has no seat of it either.</summary>
    /// <param name="terms">Its terms, which MySQL read together with that.</param>
    public async Task<CouponFindings> CompleteUnsoldAsync(CouponTerms terms) =>
        new(CouponId, 0, 0, 0, 0, 0, 0, 0, Remaining: await _merge.CompleteAsync(0, terms));

    /// <summary>Merges the seats that are known elsewhere, returns the forgotten ones, and puts the coupon on sale again.</summary>
    public async Task<CouponFindings> RunAsync(CancellationToken cancellationToken)
    {
        var terms = await TermsAsync(cancellationToken);

        // Returned seats were given out once more, those that were taken back since too.
        _returnsLost = Math.Max(0, _returnedInRedis - terms.Returned - terms.Retaken);
        _lastPossible = terms.Total + terms.Returned + terms.Retaken + _returnsLost;
        await MergeAsync(terms, cancellationToken);
        await SendAgainAsync(cancellationToken);
        var (last, forgotten, missing) = await CloseGapsAsync(cancellationToken);

        await _database.SetAddAsync(_shard.Keys.LoadedCoupons, _keys.CouponId);

        // Read again: giving back seats has changed them, and a restock may have.
        terms = await TermsAsync(cancellationToken);
        var remaining = await _merge.CompleteAsync(last, terms);
        return new CouponFindings(
            _keys.CouponId,
            _merge.UsersAdded,
            _ordinalBefore,
            last,
            _merge.OutboxAdded,
            forgotten,
            missing,
            _merge.Conflicts,
            remaining
        );
    }

    // Returned seats before anything is added: their users may hold another one by now, which is not added as long as they hold this one.
    // Then the rows: where two places disagree about a user, the row counts.
    private async Task MergeAsync(CouponTerms terms, CancellationToken cancellationToken)
    {
        var couponId = _keys.CouponId;
        _claims = new HandedBackClaims(_handedBack);
        var (deadLetters, returned) = await _persisted.DeadLettersAsync(couponId, cancellationToken);
        foreach (var seat in returned)
        {
            // Its number is used up, its user may ask again; a Redis that went back in time may not know that yet.
            _elsewhere.Add(seat.Ordinal);
            await _merge.ForgetAsync(seat);
        }

        await _persisted.ReadRowsAsync(couponId, MergeRowAsync, cancellationToken);
        foreach (var seat in _unread.Concat(deadLetters.Where(IsOfItsHolder)).Concat(_outbox).Except(returned))
            await MergeAsync(seat);
        await MergeHandedBackAsync(_handedBack.Except(returned), terms, cancellationToken);
    }

    // Last of all, where everything else is known.
    private async Task MergeHandedBackAsync(IEnumerable<HeldSeat> seats, CouponTerms terms, CancellationToken cancellationToken)
    {
        RedisValue[] users = [.. _claims.Users.Select(user => (RedisValue)user)];
        if (users.Length == 0)
            return;
        var held = await _database.HashGetAsync(_keys.Users, users);
        for (var i = 0; i < users.Length; i++)
        {
            if (HeldSeat.OrdinalOf(held[i]) is { } ordinal)
                _claims.Know(ordinal, (long)users[i]);
        }

        // The seat of a forgotten ordinal went back to the stock, and may have been given out once more.
        HashSet<long> forgotten = [.. await _persisted.ForgottenAsync(_keys.CouponId, cancellationToken)];
        var left = CouponTerms.Remaining(terms.Total, terms.Returned, LastKnown(forgotten));
        foreach (var seat in seats)
        {
            if (_inRedis.UserOf(seat.Ordinal) is var user && user != 0)
                _claims.Know(seat.Ordinal, user);
            var isForgotten = forgotten.Contains(seat.Ordinal);
            if (_claims.IsSuperseded(seat) || (isForgotten && left <= 0))
            {
                Log.HandedBackTooLate(_logger, seat.CouponId, seat.Ordinal);
                continue;
            }

            left -= isForgotten ? 1 : 0;
            _claims.Know(seat.Ordinal, seat.UserId);
            _elsewhere.Add(seat.Ordinal);
            await _merge.AddAsync(seat, sendAgain: true);
        }
    }

    private Task MergeRowAsync(HeldSeat seat)
    {
        if (seat.Ordinal <= _lastPossible)
            _rows.Add(seat.Ordinal);
        return MergeAsync(seat);
    }

    // Anybody who may write to the topic can claim the seat of somebody else. The dead letter of such a claim holds nothing: not where the seat has
    // its row, and not where Redis knows who holds it.
    private bool IsOfItsHolder(HeldSeat letter) => !_rows.Contains(letter.Ordinal) && !IsHeldByAnother(letter);

    private bool IsHeldByAnother(HeldSeat seat) => _inRedis.UserOf(seat.Ordinal) is var user && user != 0 && user != seat.UserId;

    private async Task MergeAsync(HeldSeat seat)
    {
        // Not everything in a topic comes from us: a number that was never given out must not move the last ordinal, and a message that claims the
        // seat of somebody else does not stand for the row that MySQL may have lost of it.
        if (seat.Ordinal > _lastPossible)
            return;
        if (IsHeldByAnother(seat) && !_rows.Contains(seat.Ordinal))
            _claimed.Add((seat.Ordinal, seat.UserId));
        else
            _elsewhere.Add(seat.Ordinal);
        _claims.Know(seat.Ordinal, seat.UserId);
        if (_inRedis.UserOf(seat.Ordinal) != seat.UserId)
            await _merge.AddAsync(seat);
    }

    // A seat that only Redis knows of has left the outbox, so Kafka had acknowledged it; that it is nowhere means that Kafka has lost it.
    private async Task SendAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var seat in _read.Where(seat => seat.Ordinal <= _lastPossible && _inRedis.UserOf(seat.Ordinal) == 0))
        {
            if (_elsewhere.Add(seat.Ordinal))
                await _merge.AddAsync(seat, sendAgain: true);
        }

        if (_elsewhere.Missing(1, _inRedis.Max).All(ordinal => _inRedis.UserOf(ordinal) == 0))
            return;
        await foreach (var seat in _inRedis.ScanAsync(cancellationToken))
        {
            if (!_elsewhere.Contains(seat.Ordinal) && !_claimed.Contains((seat.Ordinal, seat.UserId)))
                await _merge.AddAsync(seat, sendAgain: true);
        }
    }

    // Above what Redis knew, an ordinal that is nowhere was forgotten before its answer reached a user. Below, it is a loss: the balance names it.
    // Unless as many seats had been returned as there are such ordinals, and MySQL has lost the record of it.
    private async Task<(long Last, long Forgotten, long Missing)> CloseGapsAsync(CancellationToken cancellationToken)
    {
        var before = await _persisted.ForgottenAsync(_keys.CouponId, cancellationToken);
        var last = LastKnown(before);
        var gaps = _elsewhere.Missing(1, last).Where(ordinal => _inRedis.UserOf(ordinal) == 0).Except(before).ToList();
        var lost = gaps.Count(ordinal => ordinal <= _ordinalBefore);
        var forgotten = lost <= _returnsLost ? gaps : gaps.FindAll(ordinal => ordinal > _ordinalBefore);
        var found = before.Where(ordinal => _elsewhere.Contains(ordinal) || _inRedis.UserOf(ordinal) != 0).ToList();

        // In a cluster the slot of the coupon may have moved to another shard meanwhile, and a verification of that one have begun.
        if (_shard.Slots is not null)
            await _merge.CheckAsync();
        await _forgotten.RecordAsync(_keys.CouponId, _merge.VerificationId, forgotten, found, cancellationToken);
        return (last, forgotten.Count, gaps.Count - forgotten.Count);
    }

    private long LastKnown(IEnumerable<long> forgotten) =>
        Math.Max(Math.Max(_ordinalBefore, _elsewhere.Max), Math.Max(_inRedis.Max, forgotten.DefaultIfEmpty().Max()));

    private async Task<CouponTerms> TermsAsync(CancellationToken cancellationToken) =>
        await _persisted.TermsAsync(_keys.CouponId, cancellationToken)
        ?? throw new VerificationInterruptedException($"Coupon {_keys.CouponId} has been deleted meanwhile.");
}
