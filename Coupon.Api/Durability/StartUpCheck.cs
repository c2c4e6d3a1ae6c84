namespace Coupon.Api.Durability;

/// <summary>
/// Asks a server for its configuration until it has answered once, since it may be away when this process starts.
/// </summary>
internal abstract class StartUpCheck(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMinutes(1);

    /// <summary>Asks, and logs each setting that is weaker than documented.</summary>
    /// <returns>Whether every server has answered.</returns>
    protected abstract Task<bool> AskAsync(CancellationToken cancellationToken);

    /// <summary>Logs that a server cannot be asked; called once for each reason.</summary>
    protected abstract void CannotAsk(string reason);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var logged = "";
        for (var pause = _firstPause; ; pause = pause * 2 < _longestPause ? pause * 2 : _longestPause)
        {
            try
            {
                if (await AskAsync(stoppingToken))
                    return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                var reason = exception.GetBaseException().Message;
                if (reason != logged)
                    CannotAsk(reason);
                logged = reason;
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }
}
