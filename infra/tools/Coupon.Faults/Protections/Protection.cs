namespace Coupon.Faults.Protections;

/// <summary>
/// One rule that keeps a promise, and how it is switched off, to see that the runs notice: the product itself has no such switches.
/// </summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Words">What it is.</param>
internal sealed record Protection(string Name, string Words)
{
    /// <summary>Settings of every process that switch it off.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Statements on the database that switch it off.</summary>
    public IReadOnlyList<string> Statements { get; init; } = [];

    /// <summary>Changes of a copy of the sources that switch it off; the programs are built from that copy.</summary>
    public IReadOnlyList<SourceEdit> Edits { get; init; } = [];
}

/// <summary>A change of a source.</summary>
/// <param name="File">From the root of the repository.</param>
/// <param name="Find">The text, which is there exactly once.</param>
/// <param name="Replace">What stands there instead.</param>
internal sealed record SourceEdit(string File, string Find, string Replace)
{
    /// <summary>Changes the file below a folder.</summary>
    /// <exception cref="InvalidOperationException">The text is not there exactly once.</exception>
    public void Apply(string root)
    {
        var path = Path.Combine(root, File);
        System.IO.File.WriteAllText(path, In(System.IO.File.ReadAllText(path)));
    }

    /// <summary>The text of the file with the change.</summary>
    /// <exception cref="InvalidOperationException">The text is not there exactly once.</exception>
    public string In(string source)
    {
        var at = source.IndexOf(Find, StringComparison.Ordinal);
        if (at < 0 || source.IndexOf(Find, at + 1, StringComparison.Ordinal) >= 0)
            throw new InvalidOperationException($"{File} has this not exactly once: {Find}");
        return source[..at] + Replace + source[(at + Find.Length)..];
    }
}
