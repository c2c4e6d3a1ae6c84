namespace Coupon.Database;

/// <summary>
/// The server answers, and cannot give what the service relies on. A program that starts ends with this; one that runs and meets such a server, as
/// after a failover, waits for another one.
/// </summary>
public sealed class UnsuitableServerException : Exception
{
    /// <inheritdoc />
    public UnsuitableServerException() { }

    /// <inheritdoc />
    public UnsuitableServerException(string message)
        : base(message) { }

    /// <inheritdoc />
    public UnsuitableServerException(string message, Exception innerException)
        : base(message, innerException) { }
}
