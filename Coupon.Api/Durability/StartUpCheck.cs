namespace Coupon.Api.Durability;

/// <summary>
/// Asks a server for its configuration until it has answered once: a server that is away when this process starts is asked when it is there.
/// </summary>
internal abstract class StartUpCheck(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMinutes(1);

    /// <summary>Asks, and says what is weaker than documented.</summary>
    /// <returns>Whether it has been said of everything.</returns>
    protected abstract Task<bool> AskAsync(CancellationToken cancellationToken);

    /// <summary>Said once for each reason.</summary>
    protected abstract void CannotAsk(string reason);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var said = "";
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
                if (reason != said)
                    CannotAsk(reason);
                said = reason;
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }
}
