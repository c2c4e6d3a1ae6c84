using Coupon.LocalServers;

namespace Coupon.Tests.KafkaRider;

/// <summary>A broker that somebody else started, or another listener of one.</summary>
public sealed record GivenBroker(string ConnectionString) : IRunningServer
{
    public string Description => "the broker of another test or process";

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
