using System.Net.Sockets;
using Confluent.Kafka;
using Coupon.Database;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Hosting.Outages;

/// <summary>The outages of the three servers.</summary>
public sealed class ServerOutages
{
    /// <summary>Three servers without an outage.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where outages are logged.</param>
    public ServerOutages(TimeProvider time, ILogger logger) =>
        (Redis, MySql, Kafka) = (new("Redis", time, logger), new("MySQL", time, logger), new("Kafka", time, logger));

    /// <summary>Of Redis.</summary>
    public ServerOutage Redis { get; }

    /// <summary>Of MySQL.</summary>
    public ServerOutage MySql { get; }

    /// <summary>Of Kafka.</summary>
    public ServerOutage Kafka { get; }

    /// <summary>The server that failed.</summary>
    /// <returns>Null: none of the three.</returns>
    internal ServerOutage? Of(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            switch (current)
            {
                case UnsuitableServerException:
                case MySqlException mySql when DatabaseFailure.KindOf(mySql) == DatabaseFailureKind.Transient:
                    return MySql;
                case RedisException or RedisTimeoutException or RedisCommandException:
                    return Redis;
                case KafkaException:
                    return Kafka;

                // The driver does not wrap every broken connection.
                case EndOfStreamException
                or SocketException when current.StackTrace?.Contains(nameof(MySqlConnector), StringComparison.Ordinal) == true:
                    return MySql;
            }
        }

        return null;
    }

    internal void Tick()
    {
        Redis.Tick();
        MySql.Tick();
        Kafka.Tick();
    }
}
