using System.Reflection;
using Coupon.Api.Issuing;
using Coupon.Stock;

namespace Coupon.Tests.Database;

public sealed class CouponConnectionsTests
{
    [Theory]
    [InlineData(typeof(IssueScript))]
    [InlineData(typeof(CouponKeys))]
    public void What_runs_in_the_API_does_not_bring_EF_into_its_memory(Type type) => Assert.DoesNotContain(
        type.Assembly.GetReferencedAssemblies(), (AssemblyName name) => name.FullName.Contains("EntityFramework", StringComparison.Ordinal));
}
