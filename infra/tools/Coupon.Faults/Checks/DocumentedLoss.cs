using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;

namespace Coupon.Faults.Checks;

/// <summary>
/// The combinations of faults for which docs/durability.md says that what was told may be lost: Redis forgets, or is replaced by a replica that lacks
/// its last writes; every instance that told of the seat is dead, frozen for longer than its lease, or cut off from everything, and did so before it
/// was; and the message had not reached Kafka.
/// </summary>
/// <param name="spans">The faults, as they really were.</param>
/// <param name="stack">The servers.</param>
/// <param name="lease">The settings of the instances that decide how long somebody is waited for.</param>
internal sealed class DocumentedLoss(IReadOnlyList<FaultSpan> spans, StackKind stack, LeaseBounds lease)
{
    // Between the script's yes and Kafka's acknowledgement, on a machine that is busy.
    private static readonly TimeSpan _onItsWay = TimeSpan.FromSeconds(3);

    // Between the moment in which something happens and the one in which the run takes down that it has.
    private static readonly TimeSpan _late = TimeSpan.FromSeconds(0.5);

    private readonly IReadOnlyList<FaultSpan> _losses = [.. spans.Where(span => Forgets(span.Kind, stack))];

    /// <summary>Whether Redis forgot something while an instance was absent: what nobody was told may be gone then.</summary>
    public bool MayHaveHappened => _losses.Any(loss => Names.AllProcesses.Where(Names.IsApi).Any(api => Absences(api, loss).Any()));

    /// <summary>Whether a seat may be gone.</summary>
    /// <param name="answers">Every answer that told it.</param>
    public bool Excuses(IReadOnlyCollection<Answer> answers) => _losses.Any(loss => answers.All(answer => IsGone(answer, loss)));

    // The servers of a cluster promote a replica by themselves.
    private static bool Forgets(FaultKind kind, StackKind stack) =>
        kind is FaultKind.FlushRedis or FaultKind.PowerCutRedis or FaultKind.FailOverRedis or FaultKind.PromoteReplica
        || (stack == StackKind.RedisCluster && kind is FaultKind.KillRedis or FaultKind.FreezeRedis or FaultKind.KillShard);

    private bool IsGone(Answer answer, FaultSpan loss) =>
        answer.Sent <= loss.End
        && Absences(answer.Instance, loss)
            .Any(gone =>
                gone.Span.End >= answer.Sent
                && answer.Received <= gone.SpeaksUntil
                && IsUnsent(answer, gone.Span.Begin > answer.Sent ? gone.Span.Begin : answer.Sent)
            );

    // Times in which the instance cannot hand back what it holds, and which last until nobody waits for it any more. A verification begins when
    // Redis is back, and may be held up by MySQL or Kafka.
    private IEnumerable<(FaultSpan Span, TimeSpan SpeaksUntil)> Absences(string instance, FaultSpan loss)
    {
        var until = VerifiedBy(loss) + lease.WaitedFor;
        foreach (var span in spans.Where(span => IsOf(instance, span)))
        {
            // A process that came in the middle is absent when it has stopped; what one that stops in order says until its end counts too.
            var absence = span.Kind == FaultKind.ScaleUp ? span with { Begin = span.End, End = TimeSpan.MaxValue } : span;
            if (absence.Begin > until || absence.End < loss.Begin - lease.Lease)
                continue;
            switch (span.Kind)
            {
                // What it says when it thaws, it must not say: what was heard before was said before.
                case FaultKind.FreezeProcess when span.End - span.Begin >= lease.Lease:
                    yield return (absence, absence.End - _late);
                    break;
                case FaultKind.KillProcess or FaultKind.RestartProcess or FaultKind.RollingRestart or FaultKind.ScaleDown or FaultKind.ScaleUp:
                    yield return (absence, absence.End);
                    break;
            }
        }

        // Cut off from all three at the same time: it goes on until its lease has ended.
        var each = Names
            .Servers.Select(server => Unreachable(instance, server).Where(span => span.Begin <= until && span.End >= loss.Begin).ToList())
            .ToList();
        if (!each.TrueForAll(some => some.Count > 0))
            yield break;
        var begin = each.Max(some => some.Min(span => span.Begin));
        yield return (loss with { Begin = begin, End = each.Min(some => some.Max(span => span.End)) }, begin + lease.Lease + _late);
    }

    private static bool IsOf(string instance, FaultSpan span) =>
        span.Target is { Server: null } && (span.Target.Process == instance || span.Target.Process == FaultTarget.EveryProcess);

    private TimeSpan VerifiedBy(FaultSpan loss) =>
        spans
            .Where(span => span.Begin <= loss.End + lease.WaitedFor && span.End >= loss.End && span.Target.Server is not null)
            .Select(span => span.End)
            .Append(loss.End)
            .Max();

    private bool IsUnsent(Answer answer, TimeSpan gone) =>
        gone - answer.Received <= _onItsWay
        || Unreachable(answer.Instance, Names.Kafka).Any(span => span.Begin <= gone && span.End >= answer.Sent - _onItsWay);

    private IEnumerable<FaultSpan> Unreachable(string instance, string server) =>
        spans.Where(span =>
            span.Target.Server is { } struck
            && Names.KindOf(struck) == server
            && (span.Target.Process is null || span.Target.Process == instance)
            && IsOutage(span.Kind)
        );

    // Of several brokers one may be gone; a failover replaces a server by another one.
    private static bool IsOutage(FaultKind kind) =>
        kind
            is not (
                FaultKind.FlushRedis
                or FaultKind.FailOverRedis
                or FaultKind.PromoteReplica
                or FaultKind.FreezeBroker
                or FaultKind.KillBroker
                or FaultKind.ReadOnlyMySql
                or FaultKind.FillMySqlDisk
                or FaultKind.LockRows
                or FaultKind.FailOverMySql
                or FaultKind.PoisonRecords
                or FaultKind.ForgedRecords
            );
}

/// <summary>How long an instance may issue without being judged, and how long a verification waits for it.</summary>
internal sealed record LeaseBounds(TimeSpan Lease, TimeSpan WaitedFor);
