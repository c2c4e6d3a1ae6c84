namespace Coupon.Api.Durability;

internal static partial class Log
{
    [LoggerMessage(20, LogLevel.Warning, "Redis has {Setting} = {Found}, which is weaker than the documented {Sound}: {Consequence}")]
    public static partial void RedisIsWeaker(ILogger logger, string setting, string found, string sound, string consequence);

    [LoggerMessage(21, LogLevel.Information, "Whether Redis has a sound {Setting} cannot be read: {Reason}")]
    public static partial void RedisConfigUnreadable(ILogger logger, string setting, string reason);

    [LoggerMessage(
        23,
        LogLevel.Warning,
        "Kafka has {Setting} = {Found} for topic {Topic}, which is weaker than the documented {Sound}: {Consequence}"
    )]
    public static partial void KafkaIsWeaker(ILogger logger, string topic, string setting, string found, string sound, string consequence);

    [LoggerMessage(24, LogLevel.Information, "Whether Kafka is configured soundly cannot be read yet: {Reason}")]
    public static partial void KafkaConfigUnreadable(ILogger logger, string reason);

    [LoggerMessage(25, LogLevel.Warning, "MySQL has {Setting} = {Found}, which is weaker than the documented 1: {Consequence}")]
    public static partial void MySqlIsWeaker(ILogger logger, string setting, long found, string consequence);

    [LoggerMessage(26, LogLevel.Information, "Whether MySQL is configured soundly cannot be read yet: {Reason}")]
    public static partial void MySqlConfigUnreadable(ILogger logger, string reason);
}
