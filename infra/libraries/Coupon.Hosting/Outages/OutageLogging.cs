using Microsoft.Extensions.Logging;

namespace Coupon.Hosting.Outages;

/// <summary>
/// Stands before all log providers. A warning or an error whose exception is a server's failure becomes part of that server's outage instead of a
/// line of its own with a stack; the same text again within a minute is not written again.
/// </summary>
internal sealed class OutageLogging(LoggerFactory inner, TimeProvider time) : ILoggerFactory
{
    private readonly RepeatedLines _repeated = new(time);

    /// <summary>The outages that it reports to. Their own lines go to the providers directly.</summary>
    public ServerOutages Outages { get; } = new(time, inner.CreateLogger("Coupon.Servers"));

    public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName), categoryName, this);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    // The container disposes of the inner one.
    public void Dispose() { }

    private sealed class Logger(ILogger logger, string category, OutageLogging owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel is LogLevel.Warning or LogLevel.Error && logger.IsEnabled(logLevel))
            {
                if (exception is not null && owner.Outages.Of(exception) is { } outage)
                {
                    outage.Failed(exception);
                    return;
                }

                if (owner._repeated.IsRepeated(category, formatter(state, exception)))
                    return;
            }

            logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
