namespace Coupon.Tests.KafkaRider;

/// <summary>Where the rider's project lies.</summary>
internal static class RiderSources
{
    public static string Folder { get; } = Path.Combine(Root(), "infra", "libraries", "MassTransit.KafkaRider");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Coupon.MassTransit.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
