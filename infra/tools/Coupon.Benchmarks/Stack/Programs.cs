using Coupon.LocalServers;

namespace Coupon.Benchmarks.Stack;

/// <summary>The programs under test, as <c>infra/benchmark</c> has published them.</summary>
/// <param name="Folder">Holds a folder for each, as <c>infra/publish</c> makes them.</param>
internal sealed record Programs(string Folder)
{
    public ChildCommand Api(Dictionary<string, string> environment) => Published("Coupon.Api", environment);

    public ChildCommand Consumers(Dictionary<string, string> environment) => Published("Coupon.Consumers", environment);

    /// <summary>This program itself, as a server: see <see cref="Baselines.BaselineServer"/>.</summary>
    public static ChildCommand Baseline(string name, Dictionary<string, string> environment) =>
        new("dotnet", typeof(Programs).Assembly.Location, "serve", name) { Environment = environment };

    public bool ConsumersAreThere => File.Exists(Path.Combine(Folder, "Coupon.Consumers", "Coupon.Consumers.dll"));

    private ChildCommand Published(string program, Dictionary<string, string> environment) =>
        new("dotnet", Path.Combine(Folder, program, program + ".dll")) { Environment = environment };
}
