namespace Coupon.Faults.Schedules;

/// <summary>Draws a schedule from a seed: the same seed gives the same schedule, on every machine.</summary>
internal static class ScheduleDraw
{
    private const int Attempts = 100;

    // Of ten freezes one is long.
    private const double Long = 0.9;
    private static readonly TimeSpan _latestStart = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan _latestEnd = TimeSpan.FromSeconds(24);

    private static readonly (StackKind Kind, int Weight)[] _stacks =
    [
        (StackKind.Alone, 4),
        (StackKind.RedisReplica, 4),
        (StackKind.RedisCluster, 3),
        (StackKind.ThreeBrokers, 2),
        (StackKind.MySqlReplica, 2),
        (StackKind.SmallDisk, 1),
    ];

    // How often each is drawn, compared with the others: those that have broken promises most often.
    private static readonly (FaultKind Kind, int Weight)[] _faults =
    [
        (FaultKind.KillProcess, 4),
        (FaultKind.FreezeProcess, 5),
        (FaultKind.RestartProcess, 2),
        (FaultKind.RollingRestart, 1),
        (FaultKind.ScaleUp, 2),
        (FaultKind.ScaleDown, 2),
        (FaultKind.WrongClock, 2),
        (FaultKind.CutLink, 4),
        (FaultKind.HalfOpenLink, 5),
        (FaultKind.HoldAnswers, 3),
        (FaultKind.SlowLink, 2),
        (FaultKind.ThrottleLink, 2),
        (FaultKind.ResetLink, 1),
        (FaultKind.FlushRedis, 5),
        (FaultKind.PowerCutRedis, 5),
        (FaultKind.KillRedis, 2),
        (FaultKind.FreezeRedis, 3),
        (FaultKind.RefuseTopic, 3),
        (FaultKind.FreezeMySql, 3),
        (FaultKind.KillMySql, 2),
        (FaultKind.ReadOnlyMySql, 2),
        (FaultKind.ExhaustConnections, 2),
        (FaultKind.LockRows, 2),
    ];

    private static readonly (FaultKind Kind, int Weight)[] _oneBroker = [(FaultKind.FreezeKafka, 3), (FaultKind.KillKafka, 3)];

    private static readonly (FaultKind Kind, int Weight)[] _calls =
    [
        (FaultKind.PoisonRecords, 2),
        (FaultKind.ForgedRecords, 3),
        (FaultKind.Restock, 3),
        (FaultKind.Rebuild, 3),
        (FaultKind.PauseConsumption, 3),
        (FaultKind.DeleteCoupon, 4),
        (FaultKind.ReplayDeadLetters, 2),
        (FaultKind.DiscardDeadLetters, 2),
        (FaultKind.CloseCoupon, 1),
    ];

    /// <summary>The servers that a seed is drawn with where none are asked for.</summary>
    public static StackKind StackOf(int seed) => Pick(_stacks, new Random(seed));

    /// <summary>Two to four faults, and up to two things that operators or others do meanwhile.</summary>
    public static Schedule Of(int seed) => Of(seed, StackOf(seed));

    /// <summary>The same on some servers.</summary>
    public static Schedule Of(int seed, StackKind stack)
    {
        // A Random with a seed keeps its sequence: https://learn.microsoft.com/dotnet/api/system.random
        var random = new Random(seed);
        var stock = random.Next(300, 2_000);
        var faults = new List<Fault>();
        Draw([.. _faults, .. OfStack(stack)], random.Next(2, 5), stack, random, faults);
        Draw(_calls, random.Next(0, 3), stack, random, faults);
        WithRecords(faults, stack, random);
        return Numbered(seed, stack, stock, faults);
    }

    /// <summary>Each of some faults once, in any order but for those that follow, at times and with strengths that the seed gives.</summary>
    public static Schedule Of(int seed, StackKind stack, IReadOnlyList<FaultChoice> choices)
    {
        var random = new Random(seed);
        var stock = random.Next(300, 2_000);
        var faults = new List<Fault>();
        foreach (var choice in choices)
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var fault = One(choice.Kind, stack, random);
                fault = fault with { Target = new(choice.Process ?? fault.Target.Process, choice.Server ?? fault.Target.Server) };
                if (choice.Follows && faults.Count > 0)
                    fault = fault with { Start = faults[^1].Start + Milliseconds(random.NextDouble()) };
                if (!TryAdd(faults, fault))
                    continue;
                break;
            }
        }

        return Numbered(seed, stack, stock, faults);
    }

    private static (FaultKind Kind, int Weight)[] OfStack(StackKind stack) =>
        stack switch
        {
            StackKind.RedisReplica => [.. _oneBroker, (FaultKind.FailOverRedis, 12), (FaultKind.PromoteReplica, 6)],
            StackKind.RedisCluster => [.. _oneBroker, (FaultKind.FailOverRedis, 10), (FaultKind.PromoteReplica, 5), (FaultKind.KillShard, 5)],
            StackKind.ThreeBrokers => [(FaultKind.FreezeBroker, 6), (FaultKind.KillBroker, 8), (FaultKind.KillTwoBrokers, 8)],
            StackKind.MySqlReplica => [.. _oneBroker, (FaultKind.FailOverMySql, 16)],
            StackKind.SmallDisk => [.. _oneBroker, (FaultKind.FillMySqlDisk, 16)],
            _ => _oneBroker,
        };

    private static Schedule Numbered(int seed, StackKind stack, int stock, List<Fault> faults) =>
        new(seed, stack, stock, [.. faults.OrderBy(fault => fault.Start).Select((fault, index) => fault with { Number = index + 1 })]);

    private static void Draw((FaultKind Kind, int Weight)[] kinds, int count, StackKind stack, Random random, List<Fault> faults)
    {
        var wanted = faults.Count + count;
        for (var attempt = 0; attempt < Attempts && faults.Count < wanted; attempt++)
            TryAdd(faults, One(Pick(kinds, random), stack, random));
    }

    private static bool TryAdd(List<Fault> faults, Fault fault)
    {
        // A MySQL that was replaced has no replica any more.
        var isSecondFailover = fault.Kind == FaultKind.FailOverMySql && faults.Exists(other => other.Kind == fault.Kind);
        if (isSecondFailover || faults.Exists(other => other.Target.Touches(fault.Target) && other.Overlaps(fault)))
            return false;
        faults.Add(fault);
        return true;
    }

    // Without dead letters there is nothing to replay or to discard.
    private static void WithRecords(List<Fault> faults, StackKind stack, Random random)
    {
        if (
            faults.Find(fault => fault.Kind is FaultKind.ReplayDeadLetters or FaultKind.DiscardDeadLetters) is { } call
            && !faults.Exists(fault => fault.Kind is FaultKind.PoisonRecords or FaultKind.ForgedRecords && fault.Start < call.Start)
        )
            TryAdd(faults, One(FaultKind.ForgedRecords, stack, random) with { Start = Milliseconds(Math.Max(1, call.Start.TotalSeconds - 3)) });
    }

    private static Fault One(FaultKind kind, StackKind stack, Random random)
    {
        var target = TargetOf(kind, stack, random);
        var (start, wished, strength) = (1 + random.NextDouble() * (_latestStart.TotalSeconds - 1), random.NextDouble(), random.NextDouble());

        // A sale that is closed early is no test of the rest, and what is replayed has to be there first.
        if (kind == FaultKind.CloseCoupon)
            start = _latestStart.TotalSeconds + 4 * strength;
        if (kind is FaultKind.ReplayDeadLetters or FaultKind.DiscardDeadLetters)
            start += 4;
        var isLong = IsFreeze(kind) && strength > Long;
        var duration = kind switch
        {
            FaultKind.FlushRedis or FaultKind.ResetLink or FaultKind.RestartProcess or FaultKind.RollingRestart => 0,
            FaultKind.PoisonRecords or FaultKind.ForgedRecords or FaultKind.Restock or FaultKind.Rebuild or FaultKind.CloseCoupon => 0,
            FaultKind.ReplayDeadLetters or FaultKind.DiscardDeadLetters or FaultKind.DeleteCoupon or FaultKind.FailOverMySql => 0,
            FaultKind.PowerCutRedis or FaultKind.KillRedis => 0.5 + 5 * wished,
            FaultKind.KillProcess or FaultKind.KillShard => 0.5 + 8 * wished,
            _ when isLong => 20 + 20 * wished,
            _ => 2 + 18 * wished,
        };
        var end = isLong ? start + duration : Math.Min(start + duration, _latestEnd.TotalSeconds);
        return new Fault(0, kind, target, Milliseconds(start), Milliseconds(Math.Max(0, end - start)), Math.Round(strength, 3));
    }

    private static bool IsFreeze(FaultKind kind) =>
        kind is FaultKind.FreezeProcess or FaultKind.FreezeRedis or FaultKind.FreezeKafka or FaultKind.FreezeMySql or FaultKind.FreezeBroker;

    private static FaultTarget TargetOf(FaultKind kind, StackKind stack, Random random) =>
        kind switch
        {
            FaultKind.RollingRestart => new(FaultTarget.EveryProcess, null),
            FaultKind.KillProcess or FaultKind.FreezeProcess or FaultKind.RestartProcess or FaultKind.ScaleDown or FaultKind.WrongClock => new(
                Process(random),
                null
            ),
            FaultKind.ScaleUp => new(random.Next(2) == 0 ? Names.SpareApi : Names.SpareConsumer, null),
            FaultKind.CutLink
            or FaultKind.HalfOpenLink
            or FaultKind.HoldAnswers
            or FaultKind.SlowLink
            or FaultKind.ThrottleLink
            or FaultKind.ResetLink => new(Process(random), Server(stack, random)),
            FaultKind.FlushRedis
            or FaultKind.PowerCutRedis
            or FaultKind.KillRedis
            or FaultKind.FreezeRedis
            or FaultKind.FailOverRedis
            or FaultKind.PromoteReplica
            or FaultKind.KillShard => new(null, Names.Redis),
            FaultKind.FreezeKafka or FaultKind.KillKafka or FaultKind.KillTwoBrokers or FaultKind.RefuseTopic => new(null, Names.Kafka),
            FaultKind.FreezeBroker or FaultKind.KillBroker => new(null, Names.Node(Names.Kafka, random.Next(1, 4))),

            // Records reach a Kafka that is there, or it is not known whether they did.
            FaultKind.PoisonRecords or FaultKind.ForgedRecords => new(null, Names.Kafka),
            FaultKind.FreezeMySql
            or FaultKind.KillMySql
            or FaultKind.ReadOnlyMySql
            or FaultKind.ExhaustConnections
            or FaultKind.FillMySqlDisk
            or FaultKind.LockRows
            or FaultKind.FailOverMySql => new(null, Names.MySql),
            _ => new(null, null),
        };

    // The API twice as often as the consumers: it is what tells users.
    private static string Process(Random random) =>
        random.Next(3) == 0 ? Names.Consumers[random.Next(Names.Consumers.Count)] : Names.Apis[random.Next(Names.Apis.Count)];

    // Of several Redis servers one or all: one that is left alone with an old primary is told apart from one that reaches none.
    private static string Server(StackKind stack, Random random)
    {
        var server = Names.Servers[random.Next(Names.Servers.Count)];
        var nodes =
            server != Names.Redis
                ? 0
                : stack switch
                {
                    StackKind.RedisReplica => 2,
                    StackKind.RedisCluster => 6,
                    _ => 0,
                };
        return nodes > 0 && random.Next(2) == 0 ? Names.Node(server, 1 + random.Next(nodes)) : server;
    }

    private static T Pick<T>((T Kind, int Weight)[] kinds, Random random)
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
