using System.Collections.Concurrent;
using Coupon.Faults.Schedules;

namespace Coupon.Faults.Histories;

/// <summary>Everything that is seen during a run, with times from one monotonic clock.</summary>
internal sealed class History(TimeProvider time, StackKind stack = StackKind.Alone)
{
    private readonly long _began = time.GetTimestamp();

    /// <summary>The servers.</summary>
    public StackKind Stack => stack;

    /// <summary>Since the beginning of the sale.</summary>
    public TimeSpan Now => time.GetElapsedTime(_began);

    public ConcurrentQueue<Answer> Answers { get; } = new();

    public ConcurrentQueue<FaultSpan> Faults { get; } = new();

    public ConcurrentQueue<Note> Notes { get; } = new();

    public ConcurrentQueue<HealthReading> Health { get; } = new();

    public ConcurrentQueue<BalanceReading> Balances { get; } = new();

    public ConcurrentQueue<StopReading> Stops { get; } = new();

    public ConcurrentQueue<StrangeRecord> Strange { get; } = new();

    /// <summary>Coupons whose deletion was acknowledged.</summary>
    public ConcurrentQueue<Deletion> Deletions { get; } = new();

    /// <summary>Presses for those that told a seat.</summary>
    public ConcurrentQueue<PressOfDeleted> PressesOfDeleted { get; } = new();

    /// <summary>Processes that ended though nobody had asked or killed them.</summary>
    public ConcurrentQueue<Note> Crashes { get; } = new();

    public void Say(string text) => Notes.Enqueue(new Note(Now, text));
}
