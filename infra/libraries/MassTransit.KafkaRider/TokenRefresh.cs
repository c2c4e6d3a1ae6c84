using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration;

/// <summary>
/// Guards the application's handler that gets a token. What it throws would end the client, which does without a new one while the old one is valid,
/// and asks again after some seconds where it is told that there is none.
/// </summary>
internal static class TokenRefresh
{
    public static Action<IClient, string> Guard(Action<IClient, string> refresh, ILogger logger) =>
        (client, configuration) =>
            ApplicationHandler.Call(
                () => refresh(client, configuration),
                exception =>
                {
                    Log.NoToken(logger, exception, client.Name);
                    client.OAuthBearerSetTokenFailure($"{exception.GetType().Name}: {exception.Message}");
                }
            );
}
