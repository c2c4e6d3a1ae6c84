using Microsoft.Extensions.Logging;

namespace Coupon.Hosting.Outages;

/// <summary>
/// Whether one server fails, in its own words, and the lines about it: one when it begins, one a minute, one when it ends, however many loops and
/// requests meet the failure meanwhile.
/// </summary>
public sealed class ServerOutage
{
    /// <summary>
    /// Longer than any pause between two attempts of whatever tries again: a failure after a success is the same outage until then.
    /// </summary>
    internal static readonly TimeSpan Calm = TimeSpan.FromSeconds(15);

    /// <summary>After this time without a failure it is over, even without a reported success.</summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private const int LongestReason = 300;
    private static readonly TimeSpan _betweenLines = TimeSpan.FromMinutes(1);

    private readonly string _server;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private volatile bool _isOn;
    private volatile string? _reason;
    private volatile bool _hasSucceeded;
    private long _failures;
    private long _began;
    private long _lastFailure;
    private long _lastLine;

    internal ServerOutage(string server, TimeProvider time, ILogger logger) => (_server, _time, _logger) = (server, time, logger);

    /// <summary>What the server said last, for as long as the outage lasts; null: there is none.</summary>
    public string? Reason => _reason;

    /// <summary>As <see cref="Reason"/>, and null as soon as anything has succeeded since.</summary>
    public string? CurrentReason => _hasSucceeded ? null : _reason;

    /// <summary>How often it has failed in this outage, or in the last one.</summary>
    internal long Failures => Interlocked.Read(ref _failures);

    /// <summary>Something failed because of the server.</summary>
    public void Failed(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Failed(exception.GetBaseException().Message);
    }

    /// <summary>Something failed because of the server.</summary>
    /// <param name="reason">The server's or its client's own words.</param>
    public void Failed(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        reason = Shorten(reason);
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            (_lastFailure, _reason, _hasSucceeded) = (now, reason, false);
            _failures = _isOn ? _failures + 1 : 1;
            if (_isOn)
                return;
            (_began, _lastLine, _isOn) = (now, now, true);
        }

        Log.OutageBegins(_logger, _server, reason);
    }

    /// <summary>Something succeeded that needed the server. Costs nothing while there is no outage.</summary>
    public void Succeeded()
    {
        if (_isOn && !_hasSucceeded)
            _hasSucceeded = true;
    }

    /// <summary>Writes the line that is due, if one is. Called once a second; by tests at will.</summary>
    internal void Tick()
    {
        if (!_isOn)
            return;
        long failures;
        string reason;
        TimeSpan lasted;
        bool isOver;
        lock (_lock)
        {
            var quiet = _time.GetElapsedTime(_lastFailure);
            isOver = quiet >= (_hasSucceeded ? Calm : Silence);
            if (!isOver && _time.GetElapsedTime(_lastLine) < _betweenLines)
                return;
            (failures, reason, lasted) = (_failures, _reason!, _time.GetElapsedTime(_began));
            _lastLine = _time.GetTimestamp();
            if (isOver)
                (_isOn, _reason) = (false, null);
        }

        if (isOver)
            Log.OutageEnds(_logger, _server, lasted.TotalSeconds, failures);
        else
            Log.OutageLasts(_logger, _server, lasted.TotalSeconds, failures, reason);
    }

    // The client of Redis adds a page of counters to each message.
    private static string Shorten(string reason)
    {
        var line = reason.ReplaceLineEndings(" ");
        return line.Length <= LongestReason ? line : $"{line.AsSpan(0, LongestReason)}…";
    }
}
