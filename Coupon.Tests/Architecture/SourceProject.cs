namespace Coupon.Tests.Architecture;

/// <summary>A project and its sources.</summary>
/// <param name="path">Its folder, from the root of the repository.</param>
internal sealed class SourceProject(string path)
{
    private readonly Lazy<IReadOnlyList<SourceFile>> _files = new(() => Read(System.IO.Path.Combine(Sources.Root, path)));

    /// <summary>The folder's name.</summary>
    public string Name { get; } = path[(path.LastIndexOf('/') + 1)..];

    /// <summary>From the root of the repository.</summary>
    public string Path { get; } = path;

    /// <summary>The sources, without those that a tool has written.</summary>
    public IReadOnlyList<SourceFile> Files => _files.Value;

    /// <summary>The text of the project file.</summary>
    public string ProjectFile => File.ReadAllText(System.IO.Path.Combine(Sources.Root, Path, $"{Name}.csproj"));

    private static IReadOnlyList<SourceFile> Read(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)
                .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
                .Where(file => System.IO.Path.GetRelativePath(folder, file).Split('/')[0] is not ("bin" or "obj" or "Properties"))
                .Select(file => SourceFile.Read(folder, file)),
        ];
}
