using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;

namespace Coupon.Faults.Checks;

/// <summary>
/// The combinations of faults for which docs/durability.md says that what was told may be lost: Redis forgets, every instance that told of the seat
/// is dead, frozen for longer than its lease, or cut off from everything, and the message had not reached Kafka.
/// </summary>
/// <param name="spans">The faults, as they really were.</param>
/// <param name="lease">The settings of the instances that decide how long somebody is waited for.</param>
internal sealed class DocumentedLoss(IReadOnlyList<FaultSpan> spans, LeaseBounds lease)
{
    // Between the script's yes and Kafka's acknowledgement, on a machine that is busy.
    private static readonly TimeSpan _onItsWay = TimeSpan.FromSeconds(3);

    private readonly IReadOnlyList<FaultSpan> _losses = [.. spans.Where(span => span.Kind is FaultKind.FlushRedis or FaultKind.PowerCutRedis)];

    /// <summary>Whether Redis forgot something while an instance was absent: what nobody was told may be gone then.</summary>
    public bool MayHaveHappened => _losses.Any(loss => Names.Apis.Any(api => Absences(api, loss).Any()));

    /// <summary>Whether a seat may be gone.</summary>
    /// <param name="answers">Every answer that told it.</param>
    public bool Excuses(IReadOnlyCollection<Answer> answers) => _losses.Any(loss => answers.All(answer => IsGone(answer, loss)));

    private bool IsGone(Answer answer, FaultSpan loss) =>
        answer.Sent <= loss.End
        && Absences(answer.Instance, loss)
            .Any(gone => gone.End >= answer.Sent && IsUnsent(answer, gone.Begin > answer.Sent ? gone.Begin : answer.Sent));

    // Times in which the instance cannot hand back what it holds, and which last until nobody waits for it any more. A verification begins when
    // Redis is back, and may be held up by MySQL or Kafka.
    private IEnumerable<FaultSpan> Absences(string instance, FaultSpan loss)
    {
        var until = VerifiedBy(loss) + lease.WaitedFor;
        foreach (var span in spans)
        {
            if (span.Begin > until || span.End < loss.Begin - lease.Lease)
                continue;
            var isOwn = span.Target is { Server: null } && (span.Target.Process == instance || span.Target.Process == FaultTarget.EveryProcess);
            if (isOwn && span.Kind is FaultKind.KillProcess or FaultKind.RestartProcess or FaultKind.RollingRestart)
                yield return span;
            else if (isOwn && span.Kind == FaultKind.FreezeProcess && span.End - span.Begin >= lease.Lease)
                yield return span;
        }

        // Cut off from all three at the same time.
        var cuts = Names.Servers.Select(server =>
            Unreachable(instance, server).Where(span => span.Begin <= until && span.End >= loss.Begin).ToList()
        );
        var each = cuts.ToList();
        if (each.TrueForAll(some => some.Count > 0))
            yield return loss with
            {
                Begin = each.Max(some => some.Min(span => span.Begin)),
                End = each.Min(some => some.Max(span => span.End)),
            };
    }

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
            span.Target.Server == server
            && (span.Target.Process is null || span.Target.Process == instance)
            && span.Kind is not (FaultKind.FlushRedis or FaultKind.ReadOnlyMySql or FaultKind.PoisonRecords or FaultKind.ForgedRecords)
        );
}

/// <summary>How long an instance may issue without being judged, and how long a verification waits for it.</summary>
internal sealed record LeaseBounds(TimeSpan Lease, TimeSpan WaitedFor);
