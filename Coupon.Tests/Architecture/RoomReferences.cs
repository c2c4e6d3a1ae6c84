namespace Coupon.Tests.Architecture;

/// <summary>Which rooms of a project refer to which: where a file names a type or calls an extension method that another room declares.</summary>
internal static class RoomReferences
{
    /// <summary>All references between two rooms.</summary>
    public static IReadOnlyList<(string From, string To, string Because)> Of(IReadOnlyList<SourceFile> files)
    {
        var types = Owners(files, file => file.Types);
        var methods = Owners(files, file => file.ExtensionMethods);
        return [.. files.SelectMany(file => To(file, file.Names.Distinct(), types).Concat(To(file, file.Calls.Distinct(), methods)))];
    }

    /// <summary>The references that are part of a circle, or lie between two circles; none: the rooms have an order.</summary>
    public static IReadOnlyList<(string From, string To, string Because)> Circles(IReadOnlyList<(string From, string To, string Because)> references)
    {
        var left = references.SelectMany(reference => new[] { reference.From, reference.To }).ToHashSet();
        while (
            left.FirstOrDefault(room =>
                !references.Any(reference => reference.From == room && left.Contains(reference.To))
                || !references.Any(reference => reference.To == room && left.Contains(reference.From))
            )
                is { } free
        )
            left.Remove(free);
        return [.. references.Where(reference => left.Contains(reference.From) && left.Contains(reference.To))];
    }

    /// <summary>The references in words, up to three a pair of rooms.</summary>
    public static string Describe(IEnumerable<(string From, string To, string Because)> references) =>
        string.Join(
            '\n',
            references
                .GroupBy(reference => (reference.From, reference.To))
                .Select(pair =>
                    $"{pair.Key.From} -> {pair.Key.To}: {string.Join(", ", pair.Select(reference => reference.Because).Distinct().Take(3))}"
                )
        );

    private static Dictionary<string, HashSet<string>> Owners(IReadOnlyList<SourceFile> files, Func<SourceFile, IEnumerable<string>> declared) =>
        files
            .SelectMany(file => declared(file).Select(name => (Name: name, file.Room)))
            .GroupBy(declaration => declaration.Name)
            .ToDictionary(name => name.Key, name => name.Select(declaration => declaration.Room).ToHashSet());

    // A name that several rooms declare is that of the room itself, of the nearest room around it, or of the one that imports it: the first two are
    // known here.
    private static IEnumerable<(string From, string To, string Because)> To(
        SourceFile file,
        IEnumerable<string> names,
        Dictionary<string, HashSet<string>> owners
    )
    {
        foreach (var name in names)
        {
            if (!owners.TryGetValue(name, out var rooms) || rooms.Contains(file.Room))
                continue;
            var around = rooms.Where(room => file.Room.StartsWith($"{room}/", StringComparison.Ordinal)).ToList();
            var owner =
                rooms.Count == 1 ? rooms.Single()
                : around.Count > 0 ? around.MaxBy(room => room.Length)
                : rooms.Contains(SourceFile.Root) ? SourceFile.Root
                : null;
            if (owner is not null)
                yield return (file.Room, owner, $"{file.Name} names {name}");
        }
    }
}
