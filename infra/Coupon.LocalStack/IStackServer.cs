namespace Coupon.LocalStack;

/// <summary>A server that the service stands on, wherever it came from.</summary>
public interface IStackServer : IAsyncDisposable
{
    /// <summary>What the client library of this server takes: <c>host:port</c> for Redis and Kafka, a connection string without a database for MySQL.</summary>
    string ConnectionString { get; }

    /// <summary>What it is, for people: program, place, and what to know about it.</summary>
    string Description { get; }
}
