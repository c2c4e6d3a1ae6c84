namespace Coupon.Api.Users;

/// <summary>Says at start who may press for whom.</summary>
internal sealed class UserSourceNotice(UserOptions options, ILogger<UserSourceNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        switch (options.Source)
        {
            case UserSource.Token:
                Log.UsersByToken(logger, options.Jwt.UserClaim, options.Jwt.Authority ?? "a symmetric key");
                break;
            case UserSource.Header:
                Log.UsersByHeader(logger, options.Header!);
                break;
            default:
                Log.UsersByBody(logger);
                break;
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
