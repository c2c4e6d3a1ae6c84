using Coupon.LocalServers;

namespace Coupon.Tests.Deployment;

/// <summary>What stands in for a Secret where no server is needed: values of the form that the variable has to have.</summary>
internal static class SecretsOfNobody
{
    /// <summary>An address where nobody listens, or a text.</summary>
    public static string Of(string variable) =>
        variable switch
        {
            "ConnectionStrings__MySql" => $"Server=127.0.0.1;Port={FreePort.OfNobody}",
            "ConnectionStrings__Redis" or "ConnectionStrings__Kafka" => $"127.0.0.1:{FreePort.OfNobody}",
            _ => "the secret of nobody",
        };
}
