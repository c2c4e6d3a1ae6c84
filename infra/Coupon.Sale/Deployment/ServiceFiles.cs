namespace Coupon.Sale.Deployment;

/// <summary>Where the built programs are.</summary>
internal static class ServiceFiles
{
    /// <summary>The assembly of a program: beside this one, as in the tests, or in a folder beside this one's, as <c>infra/publish</c> lays them out.</summary>
    public static string Find(string project)
    {
        string[] places = [Path.Combine(AppContext.BaseDirectory, $"{project}.dll"), Path.Combine(AppContext.BaseDirectory, "..", project, $"{project}.dll")];
        return places.Select(Path.GetFullPath).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{project}.dll is missing: start the sale with infra/run, which builds everything.");
    }
}
