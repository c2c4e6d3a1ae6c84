using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Coupon.Tests.KafkaRider;

/// <summary>
/// The rider as somebody else takes it: a package that says what it is, and a page of README whose sample builds against that package.
/// </summary>
public sealed partial class PackageTests : IAsyncLifetime
{
    private const string Id = "Coupon.MassTransit.KafkaRider";
    private const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    private readonly string _folder = Directory.CreateTempSubdirectory("rider-package-").FullName;

    private static string _readme => File.ReadAllText(Path.Combine(RiderSources.Folder, "README.md"));

    public async ValueTask InitializeAsync() =>
        await DotnetAsync(
            "pack",
            Path.Combine(RiderSources.Folder, "MassTransit.KafkaRider.csproj"),
            "-c",
            Configuration,
            "--no-build",
            "--no-restore",
            "-o",
            Packages,
            "-v",
            "q"
        );

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void The_package_says_what_it_is_and_has_symbols()
    {
        using var package = ZipFile.OpenRead(Directory.GetFiles(Packages, $"{Id}.*.nupkg").Single());
        using var symbols = ZipFile.OpenRead(Directory.GetFiles(Packages, $"{Id}.*.snupkg").Single());
        using var stream = package.GetEntry($"{Id}.nuspec")!.Open();
        var metadata = XElement
            .Load(stream)
            .Elements()
            .Single(element => element.Name.LocalName == "metadata")
            .Elements()
            .ToDictionary(element => element.Name.LocalName);

        Assert.Equal(Id, metadata["id"].Value);
        Assert.Matches(@"^\d+\.\d+\.\d+", metadata["version"].Value);
        Assert.Equal("Apache-2.0", metadata["license"].Value);
        Assert.Contains("MassTransit 8.5", metadata["description"].Value, StringComparison.Ordinal);
        Assert.Contains("kafka", metadata["tags"].Value, StringComparison.Ordinal);
        Assert.StartsWith("https://", metadata["repository"].Attribute("url")!.Value, StringComparison.Ordinal);
        Assert.NotNull(package.GetEntry(metadata["readme"].Value));
        Assert.NotNull(package.GetEntry("lib/net10.0/MassTransit.KafkaRider.xml"));
        Assert.Contains(symbols.Entries, entry => entry.Name == "MassTransit.KafkaRider.pdb");
        string[] dependencies =
        [
            .. metadata["dependencies"]
                .Descendants()
                .Where(element => element.Name.LocalName == "dependency")
                .Select(element => element.Attribute("id")!.Value),
        ];
        Assert.Equal(["Confluent.Kafka", "MassTransit", "MassTransit.Abstractions"], dependencies.Order());
    }

    [Fact]
    public async Task The_sample_of_the_README_builds_against_the_package()
    {
        var sample = Directory.CreateDirectory(Path.Combine(_folder, "sample")).FullName;
        await File.WriteAllTextAsync(Path.Combine(sample, "Sample.csproj"), Fence("xml"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(sample, "Program.cs"), Fence("csharp"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(sample, "nuget.config"),
            $"""<configuration><packageSources><clear /><add key="packed" value="{Packages}" /></packageSources></configuration>""",
            TestContext.Current.CancellationToken
        );

        // Dependencies come from where this solution has them. What the sample restores does not stay there: the next build's package has the same
        // version.
        var known = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await DotnetAsync(
            "build",
            sample,
            "-v",
            "q",
            "-warnaserror",
            $"-p:RestoreFallbackFolders={known}",
            $"-p:RestorePackagesPath={Path.Combine(_folder, "restored")}",
            "-p:UseAppHost=false",
            "-p:UseSharedCompilation=false"
        );
    }

    private string Packages => Path.Combine(_folder, "packages");

    private static string Fence(string language) =>
        Fences().Matches(_readme).Single(fence => fence.Groups["language"].Value == language).Groups["code"].Value;

    private async Task DotnetAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [.. arguments, "-nodeReuse:false"])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"dotnet {arguments[0]}\n{await output}\n{await errors}");
    }

    [GeneratedRegex("^```(?<language>csharp|xml)\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fences();
}
