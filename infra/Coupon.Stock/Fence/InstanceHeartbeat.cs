using Coupon.Stock.Verification;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace Coupon.Stock.Fence;

/// <summary>
/// Shows in MySQL that this instance lives, and answers verifications: once it has handed back what it has under way, it says so. Registered
/// before the bus, it is stopped after it: by then everything was flushed, and nobody needs to wait for this instance.
/// </summary>
internal sealed class InstanceHeartbeat(
    MySqlDataSource database, HandBack handBack, IOptions<VerificationOptions> options, TimeProvider time, ILogger<InstanceHeartbeat> logger)
    : BackgroundService
{
    private const string Fenced = "SELECT id AS Id, every_coupon AS EveryCoupon, redis AS Redis FROM stock_verifications WHERE fenced_at IS NOT NULL";

    private readonly string _id = Guid.NewGuid().ToString();
    private readonly VerificationOptions _options = options.Value;
    private readonly Lock _stopping = new();
    private Task? _stopped;
    private long _settled;
    private volatile bool _isRegistered;
    private long _required;

    /// <summary>Whether verifications know of this instance. Before that it must not issue: nobody would wait for it.</summary>
    public bool IsRegistered => _isRegistered;

    /// <summary>Raised, with the reason, where this process must not issue before Redis has been looked at.</summary>
    public event Action<string>? Doubted;

    /// <summary>
    /// Whether everything that this process has under way is where the last verification of everything counts it. While it is not, nothing may be sold,
    /// and what Redis no longer has says nothing.
    /// </summary>
    public bool IsSettled => Interlocked.Read(ref _settled) >= RequiredVerification;

    /// <summary>The last verification of everything that took the coupons off sale: a Redis that was not verified by it, or later, is another Redis.</summary>
    public long RequiredVerification => Interlocked.Read(ref _required);

    /// <inheritdoc />
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        // A host may be stopped twice at once, and disposed when the first of the two returns: both wait for the same work.
        lock (_stopping) return _stopped ??= SignOffAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.HeartbeatInterval, time);
        do
        {
            try
            {
                await BeatAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the next beat tries again: an instance that stopped beating would be taken for dead while it sells.
                // Said each time: what lasts is written once a minute (OutageLogging).
                Log.CannotShowLife(logger, exception, exception.GetBaseException().Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private async Task SignOffAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Once more, since Redis may have forgotten it and nobody has seen that yet. Where that fails, the row stays, and a verification waits as for the dead.
            await handBack.LeaveAsync(cancellationToken).ConfigureAwait(false);
            var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "DELETE FROM stock_instances WHERE id = @id", new { id = _id }, cancellationToken: cancellationToken)).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Log.CannotShowLife(logger, exception, exception.Message);
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await ShowAsync(connection, cancellationToken).ConfigureAwait(false);
            var waiting = await WaitingAsync(connection, cancellationToken).ConfigureAwait(false);
            if (waiting.Count == 0 || await handBack.AnswerAsync(waiting, reason => Doubted?.Invoke(reason), cancellationToken).ConfigureAwait(false) is not { } settled) return;
            Interlocked.Exchange(ref _settled, settled);
            await ShowAsync(connection, cancellationToken).ConfigureAwait(false);
            Log.HandedBack(logger, settled);
        }
    }

    private async Task ShowAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        // An instance may live for one more beat after the last that was seen.
        var settles = (int)(_options.SettleTimeout + (2 * _options.HeartbeatInterval)).TotalMilliseconds;
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO stock_instances (id, name, seen_at, settles_within_ms, settled_verification)
            VALUES (@id, @name, UTC_TIMESTAMP(3), @settles, @settled)
            ON DUPLICATE KEY UPDATE seen_at = UTC_TIMESTAMP(3), settled_verification = @settled
            """,
            new { id = _id, name = InstanceName.OfThisProcess, settles, settled = _settled }, cancellationToken: cancellationToken)).ConfigureAwait(false);
        if (_isRegistered) return;
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM stock_instances WHERE seen_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY", cancellationToken: cancellationToken)).ConfigureAwait(false);
        _isRegistered = true;
    }

    private async Task<List<Fencing>> WaitingAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        var fenced = (await connection.QueryAsync<Fencing>(new CommandDefinition(
            $"{Fenced} ORDER BY id DESC LIMIT 20", cancellationToken: cancellationToken)).ConfigureAwait(false)).AsList();

        // However many of single coupons came after the last one of everything, that one counts.
        if (!fenced.Exists(verification => verification.EveryCoupon))
        {
            fenced.AddRange(await connection.QueryAsync<Fencing>(new CommandDefinition(
                $"{Fenced} AND every_coupon ORDER BY id DESC LIMIT 1", cancellationToken: cancellationToken)).ConfigureAwait(false));
        }

        var everything = fenced.Where(verification => verification.EveryCoupon).Select(verification => verification.Id).DefaultIfEmpty().Max();
        Interlocked.Exchange(ref _required, Math.Max(_required, everything));
        return fenced.FindAll(verification => verification.Id > _settled);
    }
}
