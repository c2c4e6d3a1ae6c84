using System.Globalization;

namespace Coupon.Stock.Verification;

/// <summary>The name of a process in the records.</summary>
internal static class InstanceName
{
    /// <summary>Host and process id.</summary>
    public static readonly string OfThisProcess = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}");
}
