namespace Coupon.Sale.Deployment;

/// <summary>Finds the built programs.</summary>
internal static class ServiceFiles
{
    /// <summary>The assembly of a program: in the same folder, as in the tests, or in a neighbour folder, as <c>infra/publish</c> does it.</summary>
    public static string Find(string project)
    {
        var (file, folder) = ($"{project}.dll", AppContext.BaseDirectory);
        return new[] { Path.Combine(folder, file), Path.Combine(folder, "..", project, file) }.Select(Path.GetFullPath).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{project}.dll is missing: start the sale with infra/run, which builds everything.");
    }
}
