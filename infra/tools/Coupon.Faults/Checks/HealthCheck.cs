using System.Globalization;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;

namespace Coupon.Faults.Checks;

/// <summary>
/// Health within ten seconds of a fault: an instance of the API whose Redis does not answer says 503; one whose Kafka does not answer is not healthy;
/// neither is a consumer without Kafka, or one whose MySQL does not answer or refuses to write.
/// </summary>
internal static class HealthCheck
{
    // What was promised, and the time for which an answer may have been under way.
    private static readonly TimeSpan _promised = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _late = TimeSpan.FromSeconds(2);

    public static IEnumerable<Violation> Find(History history)
    {
        // The servers of a cluster promote a replica by themselves, so a primary that is away is not a Redis that is.
        List<FaultSpan> spans =
        [
            .. history.Faults.Where(span =>
                history.Stack != StackKind.RedisCluster || span.Target.Process is not null || span.Target.Server != Names.Redis
            ),
        ];
        foreach (var process in history.Health.GroupBy(reading => reading.Process))
        {
            // A process that has just started or thawed has the same time to find out.
            var silent = -_promised - _late;
            foreach (var reading in process.OrderBy(reading => reading.At))
            {
                if (reading.Status == 0)
                    silent = reading.At;
                else if (reading.At > silent + _promised + _late && spans.Find(span => IsDenied(span, reading)) is { } denied)
                    yield return Of(reading, denied);
            }
        }
    }

    private static Violation Of(HealthReading reading, FaultSpan denied) =>
        new(
            Promise.Health,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{reading.Process} says {reading.Text} at {reading.At.TotalSeconds:F1} s, during {Names.Of(denied.Kind)} "
                    + $"{denied.Target} since {denied.Begin.TotalSeconds:F1} s."
            )
        );

    private static bool IsDenied(FaultSpan span, HealthReading reading) => IsFor(span, reading) && MustShow(span, reading) && Denies(span, reading);

    private static bool IsFor(FaultSpan span, HealthReading reading) =>
        span.Target.Server is not null && (span.Target.Process is null || span.Target.Process == reading.Process);

    private static bool MustShow(FaultSpan span, HealthReading reading) =>
        reading.At > span.Begin + _promised + _late && reading.At < span.EndBegan - _late;

    private static bool Denies(FaultSpan span, HealthReading reading)
    {
        var isApi = Names.IsApi(reading.Process);
        return span.Kind switch
        {
            FaultKind.SlowLink or FaultKind.ThrottleLink or FaultKind.ResetLink or FaultKind.FlushRedis => false,
            FaultKind.FailOverRedis or FaultKind.PromoteReplica or FaultKind.RefuseTopic => false,

            // A power cut and a kill of Redis are over within seconds; a link that is cut and a freeze are not.
            _ when span.Target.Server == Names.Redis => isApi && reading.Status == 200,

            // What a consumer asks Kafka is answered while only answers are held back for others.
            _ when span.Target.Server == Names.Kafka => reading.Text == "Healthy",

            // An instance of the API sells without MySQL. A consumer that has nothing to write does not know.
            _ => false,
        };
    }
}
