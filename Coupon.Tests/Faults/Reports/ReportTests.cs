using Coupon.Faults.Checks;
using Coupon.Faults.Histories;
using Coupon.Faults.Reports;
using Coupon.Faults.Runs;
using Coupon.Faults.Schedules;

namespace Coupon.Tests.Faults.Reports;

[NeedsNothing]
public sealed class ReportTests
{
    private static readonly Schedule _schedule = new(
        17,
        StackKind.RedisReplica,
        100,
        [
            new(2, FaultKind.FlushRedis, new FaultTarget(null, Names.Redis), TimeSpan.FromSeconds(3), TimeSpan.Zero, 0),
            new(4, FaultKind.FreezeProcess, new FaultTarget("api-1", null), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(2.5), 0),
        ]
    );

    private readonly SeenRun _run = new();

    [Fact]
    public void A_run_is_one_line_with_its_faults()
    {
        _run.Told(1, user: 7, ordinal: 1).Told(4, user: 8, ordinal: 2).Row(1, user: 7);

        Assert.Equal(
            "seed 17 (redis-replica): BROKEN (Lost); 2 accepted, 1 rows of 100; 3.0 s without service, recovered after 1.0 s; "
                + "#2 flush-redis redis at 3.0 s; #4 freeze-process api-1 at 4.0 s for 2.5 s",
            RunLine.Of(Result())
        );
    }

    [Fact]
    public void The_command_that_replays_it_names_the_faults_that_were_kept()
    {
        Assert.Equal("infra/faults --runs 1 --seed 17 --stack redis-replica --keep 2,4", RunLine.Replay(_schedule, without: null, faults: null));
        Assert.Equal(
            "infra/faults --runs 1 --seed 17 --stack redis-replica --faults flush-redis,freeze-process@api-1 --keep 0 --without outbox",
            RunLine.Replay(
                _schedule.Keep([]),
                "outbox",
                [new FaultChoice(FaultKind.FlushRedis, null, null), new FaultChoice(FaultKind.FreezeProcess, "api-1", null)]
            )
        );
    }

    [Fact]
    public void The_table_counts_a_run_in_the_line_of_each_of_its_faults_and_of_its_servers()
    {
        _run.Told(1, user: 7, ordinal: 1).Told(2, user: 8, ordinal: 2).Row(1, user: 7);

        var lines = ResultTable.Of([Result(), Result()]).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(
            ["freeze-process", "flush-redis", "on redis-replica", "all"],
            lines[2..].Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1])
        );
        Assert.All(lines[2..], line => Assert.EndsWith("| 2 | 4 | 2 | 0 | 0 | 0 | 1.1 s | 1.0 s |", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_timeline_has_notes_and_all_answers_of_whom_a_violation_concerns_in_the_order_of_time()
    {
        _run.Told(2, user: 7, ordinal: 1).Told(1, user: 8, ordinal: 2).Row(2, user: 8);
        _run.History.Notes.Enqueue(new Note(TimeSpan.FromSeconds(1.5), "FAULT begins"));
        _run.History.Notes.Enqueue(new Note(TimeSpan.FromSeconds(1.6), "api-1 | a line of its log"));

        List<string> lines = [.. Timeline.Of(Result())];

        Assert.Equal(["   1.500 FAULT begins", "   2.100 user 7 asked api-1 at 2.000: Accepted 1"], lines.Where(Timeline.IsShort));
        Assert.Contains("   1.600 api-1 | a line of its log", lines);
        Assert.Contains("   2.000 answers of this second: api-1 Accepted 1", lines);
    }

    private RunResult Result()
    {
        var told = RunCheck.Told(_run.History);
        return new RunResult(_schedule, _run.History, told, _run.Outcome, RunCheck.Find(_run.History, told, _run.Outcome));
    }
}
