using Coupon.Faults.Checks;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;
using Microsoft.Extensions.Time.Testing;

namespace Coupon.Tests.Faults;

/// <summary>A run as it might have been seen, in which everything is right until a test adds what is not.</summary>
internal sealed class SeenRun(StackKind stack = StackKind.Alone)
{
    private readonly List<SeatRow> _rows = [];
    private readonly List<LetterRow> _letters = [];

    public History History { get; } = new(new FakeTimeProvider(), stack);

    public long Total { get; set; } = 100;

    public bool AddsUp { get; set; } = true;

    public TimeSpan? Recovery { get; set; } = TimeSpan.FromSeconds(1);

    public long LogSize { get; set; }

    public IReadOnlyList<long> CameBack { get; set; } = [];

    public IReadOnlyList<(long CouponId, long UserId)> TwoRowsOfOthers { get; set; } = [];

    public IReadOnlyList<Violation> Violations => RunCheck.Find(History, RunCheck.Told(History), Outcome);

    public IReadOnlyList<Promise> Broken => [.. Violations.Select(violation => violation.Promise)];

    public Outcome Outcome =>
        new()
        {
            Rows = _rows,
            Letters = _letters,
            Forgotten = [],
            Total = Total,
            CameBack = CameBack,
            TwoRowsOfOthers = TwoRowsOfOthers,
            Balance = Balance(60, AddsUp, _rows.Count),
            Recovery = Recovery,
            LogSizes = new Dictionary<string, long> { ["api-1"] = LogSize },
            Length = TimeSpan.FromSeconds(60),
        };

    /// <summary>A user is told an ordinal, at this second.</summary>
    public SeenRun Told(double at, long user, long ordinal, string instance = "api-1", AnswerKind kind = AnswerKind.Accepted)
    {
        History.Answers.Enqueue(new Answer(Seconds(at), Seconds(at + 0.1), user, instance, kind, ordinal, ""));
        return this;
    }

    public SeenRun Row(long ordinal, long user)
    {
        _rows.Add(new SeatRow(ordinal, user));
        return this;
    }

    public SeenRun Letter(long offset, string cause, long? ordinal = null, long? user = null, string state = "Open")
    {
        _letters.Add(new LetterRow(0, offset, state, cause, 1, ordinal, user));
        return this;
    }

    /// <summary>A fault, whose end begins at a second of its own where one is given.</summary>
    public SeenRun Fault(FaultKind kind, FaultTarget target, double begin, double end, double? endBegan = null)
    {
        History.Faults.Enqueue(new FaultSpan(kind, target, Seconds(begin), Seconds(end)) { EndBegan = Seconds(endBegan ?? end) });
        return this;
    }

    public SeenRun Says(double at, string process, int status, string text)
    {
        History.Health.Enqueue(new HealthReading(Seconds(at), process, status, text, ""));
        return this;
    }

    /// <summary>A balance with so many rows, which adds up in itself.</summary>
    public BalanceReading Balance(double at, bool addsUp, long rows, long told = 0, long? rowsBefore = null, long? rowsAfter = null) =>
        new(Seconds(at), "api-1", addsUp, Total, Total - rows, Total, rows, 0, rowsBefore, rowsAfter, told);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
