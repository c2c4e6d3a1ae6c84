namespace Coupon.LocalServers;

/// <summary>A server that the service needs, wherever it comes from.</summary>
public interface IRunningServer : IAsyncDisposable
{
    /// <summary>
    /// What the client library of this server expects: <c>host:port</c> for Redis and Kafka, a connection string without a database for MySQL.
    /// </summary>
    string ConnectionString { get; }

    /// <summary>For people: the program, its place, and what to know about it.</summary>
    string Description { get; }
}
