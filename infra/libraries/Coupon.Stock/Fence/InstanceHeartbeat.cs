using System.Collections.Concurrent;
using Coupon.Hosting.Background;
using Coupon.Stock.Shards;
using Coupon.Stock.Verification;
using Dapper;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace Coupon.Stock.Fence;

/// <summary>
/// Shows in MySQL that this instance lives, and answers verifications when it has settled for them. Registered before the bus, it is stopped after
/// the bus has flushed: then no verification needs to wait for this instance.
/// </summary>
internal sealed class InstanceHeartbeat(
    MySqlDataSource database,
    HandBack handBack,
    VerificationOptions options,
    TimeProvider time,
    ILogger<InstanceHeartbeat> logger
) : PeriodicService(options.BeatInterval, time, logger, startsAtOnce: true)
{
    private const string Fenced = """
        SELECT id AS Id, every_coupon AS EveryCoupon, shard AS Shard, slots AS Slots, redis AS Redis FROM stock_verifications
        WHERE fenced_at IS NOT NULL
        """;

    // More than begin within a few beats.
    private const int LastOnes = 20;

    private readonly ConcurrentDictionary<string, long> _required = new(StringComparer.Ordinal);

    private readonly VerificationOptions _options = options;
    private readonly Lock _stopping = new();
    private Task? _stopped;
    private SettledVerifications _settled = SettledVerifications.None;
    private volatile bool _isRegistered;
    private bool _knowsAllShards;
    private long _shownAt = long.MinValue;
    private long _triedAt = long.MinValue;
    private volatile bool _hasFailed;

    /// <summary>The id of this instance for verifications, in MySQL and in Redis. New at each start.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>Whether verifications know of this instance. Before that it must not issue: no verification would wait for it.</summary>
    public bool IsRegistered => _isRegistered;

    /// <summary>
    /// Raised, with the reason, where this process must not issue before Redis has been looked at: from the shards that have some slots; null: from
    /// any.
    /// </summary>
    public event Action<SlotSet?, string>? Doubted;

    /// <summary>
    /// Whether all unconfirmed issuances of this process are where the last verification of everything in a shard counts them. Until then this
    /// instance must not issue, and an entry that is missing in Redis means nothing.
    /// </summary>
    public bool IsSettled(Shard shard) => Settled(shard) >= RequiredVerification(shard);

    /// <summary>The last verification of a shard that this instance has settled for, in MySQL or in Redis.</summary>
    public long Settled(Shard shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        return Volatile.Read(ref _settled).Of(shard.Name);
    }

    /// <summary>
    /// The last verification of everything in a shard that took its coupons off sale: a Redis that was not verified by it, or later, is another one.
    /// </summary>
    public long RequiredVerification(Shard shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        return _required.GetValueOrDefault(shard.Name);
    }

    /// <summary>
    /// When the last beat began that MySQL answered: since then it has shown every verification that waits. A timestamp; the smallest: never.
    /// </summary>
    public long ShownAt => Interlocked.Read(ref _shownAt);

    /// <summary>Whether MySQL did not answer the last beat, or has not yet and takes long.</summary>
    public bool IsAway =>
        _hasFailed || (Interlocked.Read(ref _triedAt) is var tried && tried > ShownAt && Time.GetElapsedTime(tried) > _options.RenewalInterval);

    /// <summary>Beats at once: the fence waits for the answer of MySQL.</summary>
    public void Hurry() => WakeUp();

    /// <summary>This instance has settled in the Redis that is verified.</summary>
    public void SettledFor(Shard shard, long verification)
    {
        ArgumentNullException.ThrowIfNull(shard);
        SettledFor(shard.Name, verification);
    }

    /// <inheritdoc />
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        // A host may be stopped twice at once, and disposed when the first of the two returns: both wait for the same work.
        lock (_stopping)
            return _stopped ??= SignOffAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        // A link that is half open answers nothing and breaks nothing: the next beat takes another connection.
        using var patience = new CancellationTokenSource(3 * _options.LeaseTime, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, patience.Token);
        await BeatAsync(either.Token, stoppingToken);
    }

    /// <inheritdoc />
    protected override void Failed(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _hasFailed = ShownAt < Interlocked.Read(ref _triedAt);

        // Logged each time: a failure that lasts is written once a minute (OutageLogging).
        Log.CannotShowLife(Logger, exception, exception.GetBaseException().Message);
    }

    private async Task SignOffAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            // Once more, since Redis may have lost the entries unnoticed. Where this fails, the row stays, and a verification waits until the lease
            // must have ended.
            await handBack.LeaveAsync(cancellationToken);
            var connection = await database.OpenConnectionAsync(cancellationToken);
            await using (connection)
            {
                await connection.ExecuteAsync(
                    new CommandDefinition("DELETE FROM stock_instances WHERE id = @id", new { id = Id }, cancellationToken: cancellationToken)
                );
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Log.CannotShowLife(Logger, exception, exception.Message);
        }
    }

    private async Task BeatAsync(CancellationToken patience, CancellationToken cancellationToken)
    {
        var began = Time.GetTimestamp();
        Interlocked.Exchange(ref _triedAt, began);
        var connection = await database.OpenConnectionAsync(patience);
        await using (connection)
        {
            await ShowAsync(connection, Volatile.Read(ref _settled), patience);
            var waiting = await WaitingAsync(connection, patience);
            Interlocked.Exchange(ref _shownAt, began);
            _hasFailed = false;
            if (waiting.Count == 0)
                return;

            // Settled only when MySQL has it: a verification that gave this instance up meanwhile has not counted what was handed back.
            await handBack.AnswerAsync(waiting, (fencing, reason) => Doubted?.Invoke(fencing.Where.Slots, reason), cancellationToken);
            var settled = waiting.Aggregate(Volatile.Read(ref _settled), (before, fencing) => before.With(fencing.Shard, fencing.Id));
            if (!await ShowAsync(connection, settled, cancellationToken))
                return;
            foreach (var shard in waiting.GroupBy(fencing => fencing.Shard))
            {
                var last = shard.Max(fencing => fencing.Id);
                SettledFor(shard.Key, last);
                Log.HandedBack(Logger, last);
            }
        }
    }

    private void SettledFor(string shard, long verification)
    {
        while (true)
        {
            var before = Volatile.Read(ref _settled);
            if (Interlocked.CompareExchange(ref _settled, before.With(shard, verification), before) == before)
                return;
        }
    }

    // Returns false where verifications did not know this instance (any more).
    private async Task<bool> ShowAsync(MySqlConnection connection, SettledVerifications settled, CancellationToken cancellationToken)
    {
        if (
            _isRegistered
            && await connection.ExecuteAsync(
                new CommandDefinition(
                    "UPDATE stock_instances SET seen_at = UTC_TIMESTAMP(3), settled = @settled WHERE id = @Id",
                    new { Id, settled = settled.ToString() },
                    cancellationToken: cancellationToken
                )
            ) > 0
        )
            return true;
        if (_isRegistered)
        {
            handBack.GivenUp();
            Doubted?.Invoke(null, "a verification has given this instance up, or MySQL has forgotten it");
        }

        // How long a verification has to see nothing of this instance before its lease must have ended.
        var within = (int)_options.LeaseBound.TotalMilliseconds;
        await connection.ExecuteAsync(
            new CommandDefinition(
                """
                INSERT INTO stock_instances (id, name, seen_at, settles_within_ms, settled)
                VALUES (@Id, @name, UTC_TIMESTAMP(3), @within, @known)
                ON DUPLICATE KEY UPDATE seen_at = UTC_TIMESTAMP(3)
                """,
                new
                {
                    Id,
                    name = InstanceName.OfThisProcess,
                    within,
                    known = Volatile.Read(ref _settled).ToString(),
                },
                cancellationToken: cancellationToken
            )
        );
        _isRegistered = true;
        return false;
    }

    private async Task<List<Fencing>> WaitingAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        var fenced = (
            await connection.QueryAsync<Fencing>(
                new CommandDefinition($"{Fenced} ORDER BY id DESC LIMIT {LastOnes}", cancellationToken: cancellationToken)
            )
        ).AsList();

        // The last verification of everything in each shard counts, however many of single coupons came after it.
        if (!_knowsAllShards || !fenced.Exists(verification => verification.EveryCoupon))
        {
            const string LastOfEach = "SELECT MAX(id) FROM stock_verifications WHERE fenced_at IS NOT NULL AND every_coupon GROUP BY shard";
            fenced.AddRange(
                await connection.QueryAsync<Fencing>(
                    new CommandDefinition($"{Fenced} AND id IN ({LastOfEach})", cancellationToken: cancellationToken)
                )
            );
        }

        foreach (var verification in fenced.Where(verification => verification.EveryCoupon))
            _required.AddOrUpdate(verification.Shard, verification.Id, (_, known) => Math.Max(known, verification.Id));
        _knowsAllShards = true;
        var settled = Volatile.Read(ref _settled);
        return [.. fenced.Where(verification => verification.Id > settled.Of(verification.Shard)).DistinctBy(verification => verification.Id)];
    }
}
