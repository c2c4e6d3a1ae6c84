using Coupon.Tests.Servers;

namespace Coupon.Tests.Rights;

/// <summary>The blocks of docs/rights.md: what is documented is what is tested.</summary>
internal static class RightsPage
{
    public static string Block(string name)
    {
        var page = File.ReadAllText(Path.Combine(Snapshot.SourceFolder, "docs", "rights.md"));
        var from = page.IndexOf($"```{name}\n", StringComparison.Ordinal) + name.Length + 4;
        return page[from..page.IndexOf("\n```", from, StringComparison.Ordinal)];
    }
}
