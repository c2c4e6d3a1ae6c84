using Coupon.Api.Issuing.Deciding;
using Coupon.Consumers.Consumption;
using Coupon.Database;
using Coupon.Hosting.Background;
using Coupon.Stock.Tail;

namespace Coupon.Tests.Architecture;

/// <summary>
/// Coupon.Api.csproj leaves EF out of the program. Here it is beside all the tests, so only the code itself says whether it would be missed.
/// </summary>
[NeedsNothing]
public sealed class LeftOutPackageTests
{
    private static readonly IReadOnlyCollection<string> _ours =
    [
        .. new[]
        {
            typeof(PressEndpoint),
            typeof(CouponIssuedReader),
            typeof(CouponConnections),
            typeof(PeriodicService),
            typeof(ConsumptionSwitchWatch),
        }.Select(type => type.Assembly.FullName!),
    ];

    [Fact]
    public void The_API_uses_no_EF() => Assert.DoesNotContain(ReachedFrom(typeof(PressEndpoint)), IsOfEf);

    [Fact]
    public void The_consumer_does() => Assert.Contains(ReachedFrom(typeof(ConsumptionSwitchWatch)), IsOfEf);

    private static IReadOnlyCollection<Type> ReachedFrom(Type ofProgram)
    {
        var reached = ReachedTypes.From(ofProgram.Assembly.EntryPoint!.DeclaringType!, _ours);
        Assert.Contains(typeof(CouponConnections), reached);
        return reached;
    }

    private static bool IsOfEf(Type type) => type.Assembly.GetName().Name!.Contains("EntityFrameworkCore", StringComparison.Ordinal);
}
