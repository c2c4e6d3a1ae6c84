using System.Diagnostics;
using OpenTelemetry;

namespace Coupon.Hosting.Telemetry;

/// <summary>Has the batches of some topics not traced, nor what happens within them.</summary>
internal sealed class UntracedTopics(IReadOnlyList<string> topics) : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (data.GetTagItem("messaging.destination.name") is string topic && topics.Contains(topic))
            TracedRequests.Untrace(data);
    }
}
