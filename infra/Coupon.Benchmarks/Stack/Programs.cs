using Coupon.LocalStack;

namespace Coupon.Benchmarks.Stack;

/// <summary>The programs under test, as <c>infra/benchmark</c> has published them.</summary>
/// <param name="Folder">Holds <c>api/</c> and <c>consumers/</c>.</param>
internal sealed record Programs(string Folder)
{
    public ChildCommand Api(Dictionary<string, string> environment) => Published("api", "Coupon.Api", environment);

    public ChildCommand Consumers(Dictionary<string, string> environment) => Published("consumers", "Coupon.Consumers", environment);

    /// <summary>This program itself, as a server: see <see cref="Accepting.Baselines.BaselineServer"/>.</summary>
    public static ChildCommand Baseline(string name, Dictionary<string, string> environment) =>
        new(Environment.ProcessPath!, "serve", name) { Environment = environment };

    private ChildCommand Published(string folder, string program, Dictionary<string, string> environment) =>
        new(Path.Combine(Folder, folder, program)) { Environment = environment };
}
