namespace Coupon.Tests.Servers;

/// <summary>Finds a program of the solution in its own output folder, beside that of the tests.</summary>
public static class BuiltProgram
{
    public static string Find(string project)
    {
        // …/Coupon.Tests/bin/Debug/net10.0/ → …/Coupon.Api/bin/Debug/net10.0/
        var tests = $"{Path.DirectorySeparatorChar}Coupon.Tests{Path.DirectorySeparatorChar}";
        var own = $"{Path.DirectorySeparatorChar}{project}{Path.DirectorySeparatorChar}";
        var path = Path.Combine(AppContext.BaseDirectory.Replace(tests, own, StringComparison.Ordinal), $"{project}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: build the whole solution.");
    }
}
