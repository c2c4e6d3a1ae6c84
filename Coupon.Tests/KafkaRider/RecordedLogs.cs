using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.KafkaRider;

/// <summary>What was logged, to be asked about.</summary>
public sealed class RecordedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text, DateTimeOffset At)> _entries = new();

    public IEnumerable<(LogLevel Level, string Text, DateTimeOffset At)> Entries => _entries;

    public int Count(LogLevel atLeast) => _entries.Count(entry => entry.Level >= atLeast);

    public IEnumerable<string> AtLeast(LogLevel level) => _entries.Where(entry => entry.Level >= level).Select(entry => entry.Text);

    public bool Contains(string text) => _entries.Any(entry => entry.Text.Contains(text, StringComparison.Ordinal));

    public override string ToString() => Since(DateTimeOffset.MinValue);

    public string Since(DateTimeOffset time) =>
        string.Join('\n', _entries.Where(entry => entry.At >= time).Select(entry => $"{entry.At:HH:mm:ss.fff} {entry.Level}: {entry.Text}"));

    public ILogger CreateLogger(string categoryName) => new Logger(_entries);

    public void Dispose() { }

    private sealed class Logger(ConcurrentQueue<(LogLevel, string, DateTimeOffset)> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(
                (
                    logLevel,
                    formatter(state, exception) + (exception is null ? "" : $" | {exception.GetType().Name}: {exception.Message}"),
                    TimeProvider.System.GetUtcNow()
                )
            );
    }
}
