namespace Coupon.Tests.Architecture;

/// <summary>The sources of the repository, as the rules about them read them.</summary>
internal static class Sources
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The projects that are the product: programs, contracts and libraries.</summary>
    public static IReadOnlyList<SourceProject> Product { get; } =
    [
        new("Coupon.Contracts"),
        new("Coupon.Api"),
        new("Coupon.Consumers"),
        new("infra/libraries/Coupon.Arguments"),
        new("infra/libraries/Coupon.Database"),
        new("infra/libraries/Coupon.Hosting"),
        new("infra/libraries/Coupon.Stock"),
        new("infra/libraries/MassTransit.KafkaRider"),
    ];

    /// <summary>The tools that use the product.</summary>
    public static IReadOnlyList<SourceProject> Tools { get; } =
    [new("infra/tools/Coupon.LocalServers"), new("infra/tools/Coupon.Sale"), new("infra/tools/Coupon.Benchmarks"), new("infra/tools/Coupon.Faults")];

    /// <summary>A project of either list, by the name of its folder.</summary>
    public static SourceProject Project(string name) => Product.Concat(Tools).Single(project => project.Name == name);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Coupon.MassTransit.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
