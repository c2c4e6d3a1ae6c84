using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.LocalServers;

namespace Coupon.Tests;

/// <summary>The quick run stays quick: a test that starts a server cannot be marked as one that needs none.</summary>
[NeedsNothing]
public sealed class NeedsNothingTests
{
    // Only these assemblies start anything; the product's own code connects to addresses that a test gives it.
    private static readonly string[] _followed =
    [
        .. new[] { typeof(NeedsNothingTests), typeof(ServiceProcess), typeof(ChildProcess) }.Select(type => type.Assembly.FullName!),
    ];

    [Fact]
    public void A_class_that_is_marked_to_need_nothing_reaches_no_server_no_process_and_no_browser()
    {
        var marked = typeof(NeedsNothingTests).Assembly.GetTypes().Where(type => type.IsDefined(typeof(NeedsNothingAttribute), false)).ToList();

        Assert.True(marked.Count > 10, "The marked classes are not found.");
        Assert.Empty(marked.Except([typeof(NeedsNothingTests)]).SelectMany(ServersOf));
    }

    [Theory]
    [InlineData(typeof(LocalRedisTests))]
    [InlineData(typeof(Api.Issuing.Deciding.IssuingTests))]
    [InlineData(typeof(KafkaRider.EndpointTests))]
    [InlineData(typeof(Consumers.Pages.ConsoleTests))]
    public void A_class_that_uses_servers_is_found_out(Type test) => Assert.NotEmpty(ServersOf(test));

    private static IEnumerable<string> ServersOf(Type test) =>
        ReachedTypes.From(test, _followed).Where(IsServer).Select(server => $"{test.FullName} reaches {server.FullName}.");

    private static bool IsServer(Type type) =>
        type.IsAssignableTo(typeof(IRunningServer))
        || type == typeof(ChildProcess)
        || type == typeof(System.Diagnostics.Process)
        || type.Namespace is "Microsoft.Playwright" or "DotNet.Testcontainers.Containers";
}
