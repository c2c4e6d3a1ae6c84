namespace Coupon.Faults.Schedules;

/// <summary>Draws a schedule from a seed: the same seed gives the same schedule, on every machine.</summary>
internal static class ScheduleDraw
{
    private const int Attempts = 100;
    private static readonly TimeSpan _latestStart = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan _latestEnd = TimeSpan.FromSeconds(24);

    // How often each is drawn, compared with the others: those that have broken promises most often.
    private static readonly (FaultKind Kind, int Weight)[] _faults =
    [
        (FaultKind.KillProcess, 4),
        (FaultKind.FreezeProcess, 5),
        (FaultKind.RestartProcess, 2),
        (FaultKind.RollingRestart, 1),
        (FaultKind.CutLink, 4),
        (FaultKind.HalfOpenLink, 5),
        (FaultKind.HoldAnswers, 3),
        (FaultKind.SlowLink, 2),
        (FaultKind.ResetLink, 1),
        (FaultKind.FlushRedis, 5),
        (FaultKind.PowerCutRedis, 5),
        (FaultKind.KillRedis, 2),
        (FaultKind.FreezeRedis, 3),
        (FaultKind.FreezeKafka, 3),
        (FaultKind.KillKafka, 3),
        (FaultKind.FreezeMySql, 3),
        (FaultKind.KillMySql, 2),
        (FaultKind.ReadOnlyMySql, 2),
    ];

    private static readonly (FaultKind Kind, int Weight)[] _calls =
    [
        (FaultKind.PoisonRecords, 2),
        (FaultKind.ForgedRecords, 2),
        (FaultKind.Restock, 3),
        (FaultKind.Rebuild, 3),
        (FaultKind.PauseConsumption, 3),
        (FaultKind.CloseCoupon, 1),
    ];

    /// <summary>Two to four faults, and up to two things that operators or others do meanwhile.</summary>
    public static Schedule Of(int seed)
    {
        // A Random with a seed keeps its sequence: https://learn.microsoft.com/dotnet/api/system.random
        var random = new Random(seed);
        var stock = random.Next(300, 2_000);
        var faults = new List<Fault>();
        Draw(_faults, random.Next(2, 5), random, faults);
        Draw(_calls, random.Next(0, 3), random, faults);
        return new Schedule(seed, stock, [.. faults.OrderBy(fault => fault.Start).Select((fault, index) => fault with { Number = index + 1 })]);
    }

    private static void Draw((FaultKind Kind, int Weight)[] kinds, int count, Random random, List<Fault> faults)
    {
        var wanted = faults.Count + count;
        for (var attempt = 0; attempt < Attempts && faults.Count < wanted; attempt++)
        {
            var fault = One(Pick(kinds, random), random);
            if (!faults.Exists(other => other.Target.Touches(fault.Target) && other.Overlaps(fault)))
                faults.Add(fault);
        }
    }

    private static Fault One(FaultKind kind, Random random)
    {
        var target = TargetOf(kind, random);
        var (start, wished, strength) = (1 + random.NextDouble() * (_latestStart.TotalSeconds - 1), random.NextDouble(), random.NextDouble());

        // A sale that is closed early is no test of the rest.
        if (kind == FaultKind.CloseCoupon)
            start = _latestStart.TotalSeconds + 4 * strength;
        var duration = kind switch
        {
            FaultKind.FlushRedis or FaultKind.ResetLink or FaultKind.RestartProcess or FaultKind.RollingRestart => 0,
            FaultKind.PoisonRecords or FaultKind.ForgedRecords or FaultKind.Restock or FaultKind.Rebuild or FaultKind.CloseCoupon => 0,
            FaultKind.PowerCutRedis or FaultKind.KillRedis => 0.5 + 5 * wished,
            FaultKind.KillProcess => 0.5 + 8 * wished,
            _ => 2 + 18 * wished,
        };
        return new Fault(
            0,
            kind,
            target,
            Milliseconds(start),
            Milliseconds(Math.Min(duration, _latestEnd.TotalSeconds - start)),
            Math.Round(strength, 3)
        );
    }

    private static FaultTarget TargetOf(FaultKind kind, Random random) =>
        kind switch
        {
            FaultKind.RollingRestart => new(FaultTarget.EveryProcess, null),
            FaultKind.KillProcess or FaultKind.FreezeProcess or FaultKind.RestartProcess => new(Process(random), null),
            FaultKind.CutLink or FaultKind.HalfOpenLink or FaultKind.HoldAnswers or FaultKind.SlowLink or FaultKind.ResetLink => new(
                Process(random),
                Names.Servers[random.Next(Names.Servers.Count)]
            ),
            FaultKind.FlushRedis or FaultKind.PowerCutRedis or FaultKind.KillRedis or FaultKind.FreezeRedis => new(null, Names.Redis),
            FaultKind.FreezeKafka or FaultKind.KillKafka => new(null, Names.Kafka),

            // Records reach a Kafka that is there, or it is not known whether they did.
            FaultKind.PoisonRecords or FaultKind.ForgedRecords => new(null, Names.Kafka),
            FaultKind.FreezeMySql or FaultKind.KillMySql or FaultKind.ReadOnlyMySql => new(null, Names.MySql),
            _ => new(null, null),
        };

    // The API twice as often as the consumers: it is what tells users.
    private static string Process(Random random) =>
        random.Next(3) == 0 ? Names.Consumers[random.Next(Names.Consumers.Count)] : Names.Apis[random.Next(Names.Apis.Count)];

    private static FaultKind Pick((FaultKind Kind, int Weight)[] kinds, Random random)
    {
        var drawn = random.Next(kinds.Sum(kind => kind.Weight));
        foreach (var (kind, weight) in kinds)
        {
            drawn -= weight;
            if (drawn < 0)
                return kind;
        }

        return kinds[^1].Kind;
    }

    private static TimeSpan Milliseconds(double seconds) => TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
}
