using System.Text.Json;

namespace Coupon.Tests.Servers;

/// <summary>
/// A reviewed file: a change of what it shows is seen in a review as a change of it. <c>COUPON_UPDATE_SNAPSHOTS=1</c> writes it anew.
/// </summary>
internal static class Snapshot
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>The folder of the solution.</summary>
    public static string SourceFolder { get; } = Find();

    /// <param name="path">Below Coupon.Tests.</param>
    /// <param name="actual">What it is now.</param>
    public static Task AssertAsync(string path, JsonElement actual) =>
        AssertTextAsync(Path.Combine("Coupon.Tests", path), JsonSerializer.Serialize(actual, _indented) + "\n");

    /// <param name="path">Below the folder of the solution.</param>
    /// <param name="text">What it is now.</param>
    public static async Task AssertTextAsync(string path, string text)
    {
        var reviewed = Path.Combine(SourceFolder, path);
        if (Environment.GetEnvironmentVariable("COUPON_UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(reviewed, text);
        Assert.Equal(await File.ReadAllTextAsync(reviewed), text);
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Coupon.MassTransit.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
