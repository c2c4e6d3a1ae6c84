using Coupon.Hosting.Stopping;

namespace Coupon.Tests.Servers;

/// <summary>Within what time each program has ended after SIGTERM, whatever its servers do; docs/running.md promises it.</summary>
internal static class StopBounds
{
    /// <summary>The setting that the bounds include: the default one.</summary>
    public static readonly (string Name, string Value) Drain = ("Stop__Drain", new StopOptions().Drain.ToString());

    public static readonly TimeSpan Api = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan Consumer = TimeSpan.FromSeconds(20);

    /// <summary>Of a command: System.CommandLine is told so in <c>CommandLine.cs</c>.</summary>
    public static readonly TimeSpan Command = TimeSpan.FromMinutes(1);
}
