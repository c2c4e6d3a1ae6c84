using System.Diagnostics;
using MySqlConnector;

namespace Coupon.Tests.Servers;

/// <summary>Counts the statements that this process sends to one database, by the spans of the client.</summary>
internal sealed class StatementCount : IDisposable
{
    private readonly ActivityListener _listener;
    private int _value;

    private StatementCount(string database)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MySqlConnector",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.OperationName == "Execute" && activity.TagObjects.Any(tag => (tag.Value as string) == database))
                    Interlocked.Increment(ref _value);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Value => Volatile.Read(ref _value);

    /// <summary>Counts from now on.</summary>
    public static StatementCount Of(string connectionString) => new(new MySqlConnectionStringBuilder(connectionString).Database);

    public void Reset() => Volatile.Write(ref _value, 0);

    public void Dispose() => _listener.Dispose();
}
