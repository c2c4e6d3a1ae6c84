namespace Coupon.Sale.Deployment;

/// <summary>Where the built programs are: <c>infra/run</c> publishes all of them side by side.</summary>
internal static class ServiceFiles
{
    /// <summary>The assembly of a program, next to this program's own folder.</summary>
    public static string Find(string project)
    {
        var path = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", project, $"{project}.dll"));
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: start the sale with infra/run, which builds everything.");
    }
}
