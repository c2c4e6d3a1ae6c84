using System.Diagnostics;
using System.Globalization;
using System.Net;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Deciding;

/// <summary>
/// The spans of one call of the script: one in the trace of each press that is traced, since one call decides for many. Named by the conventions for
/// Redis: https://opentelemetry.io/docs/specs/semconv/db/redis/
/// </summary>
internal sealed class ScriptSpans : IDisposable
{
    private const string Operation = "EVALSHA";

    private static readonly string _name = $"{Operation} {IssueScript.Source.Name}";

    // Null where a press is not traced.
    private readonly Activity?[] _spans;

    private ScriptSpans(Activity?[] spans) => _spans = spans;

    /// <summary>Begins the spans.</summary>
    /// <returns>Null: nobody listens, or no press of the call is traced.</returns>
    public static ScriptSpans? Start(long couponId, IReadOnlyList<Press> presses, IDatabase redis)
    {
        if (!IssuingTraces.Source.HasListeners())
            return null;
        Activity?[]? spans = null;
        for (var i = 0; i < presses.Count; i++)
        {
            if (SeatTrace.Read(presses[i].Trace) is not { } press)
                continue;
            if (IssuingTraces.Source.StartActivity(_name, ActivityKind.Client, press) is not { } span)
                continue;
            (spans ??= new Activity?[presses.Count])[i] = span;
            Describe(span, couponId, presses.Count, redis);
        }

        return spans is null ? null : new ScriptSpans(spans);
    }

    /// <summary>The script has answered.</summary>
    public void Decided(IReadOnlyList<IssueReply> replies)
    {
        for (var i = 0; i < _spans.Length; i++)
            _spans[i]?.SetTag("coupon.outcome", replies[i].Outcome.ToString());
    }

    /// <summary>The call has failed.</summary>
    public void Failed(Exception exception)
    {
        foreach (var span in _spans)
        {
            if (span is null)
                continue;
            span.SetTag("error.type", exception.GetType().FullName);
            if (exception is RedisServerException)
                span.SetTag("db.response.status_code", exception.Message.Split(' ')[0]);
            span.SetStatus(ActivityStatusCode.Error, exception.Message);
        }
    }

    public void Dispose()
    {
        foreach (var span in _spans)
            span?.Dispose();
    }

    private static void Describe(Activity span, long couponId, int presses, IDatabase redis)
    {
        span.SetTag("db.system.name", "redis");
        span.SetTag("db.operation.name", Operation);
        span.SetTag("db.stored_procedure.name", IssueScript.Source.Name);
        span.SetTag("db.namespace", redis.Database.ToString(CultureInfo.InvariantCulture));
        span.SetTag("coupon.id", couponId);
        span.SetTag("coupon.call.presses", presses);

        // Of a cluster or a group with replicas, the client alone knows which server it asks.
        if (redis.Multiplexer.GetEndPoints() is not [var server])
            return;
        var (address, port) = server switch
        {
            DnsEndPoint named => (named.Host, named.Port),
            IPEndPoint numbered => (numbered.Address.ToString(), numbered.Port),
            _ => (server.ToString(), 0),
        };
        span.SetTag("server.address", address);
        if (port > 0)
            span.SetTag("server.port", port);
    }
}
