using System.Text.RegularExpressions;

namespace Coupon.Tests.Architecture;

/// <summary>The folders of a project, its rooms, refer to each other in one direction, and docs/architecture.md names them.</summary>
[NeedsNothing]
public sealed partial class RoomTests
{
    public static TheoryData<string> Projects => new(Sources.Product.Concat(Sources.Tools).Select(project => project.Name));

    public static TheoryData<string> ProductProjects => new(Sources.Product.Select(project => project.Name));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Rooms_form_no_circle(string project)
    {
        var files = Sources.Project(project).Files;
        Assert.NotEmpty(files);

        var circles = RoomReferences.Circles(RoomReferences.Of(files));

        Assert.True(circles.Count == 0, RoomReferences.Describe(circles));
    }

    [Fact]
    public void References_between_rooms_are_found()
    {
        var references = RoomReferences.Of(Sources.Project("Coupon.Stock").Files);

        Assert.Contains(references, reference => reference is { From: "Verification", To: "Tail" });
        Assert.Contains(references, reference => reference is { From: "Balance", To: SourceFile.Root });
        Assert.True(references.Select(reference => reference.To).Distinct().Count() >= 4, "The sources were not read.");
    }

    [Fact]
    public void A_circle_is_found_through_types_and_through_extension_methods()
    {
        IReadOnlyList<SourceFile> files =
        [
            new("Shop", "Door.cs", "public sealed class Door { Key Key { get; } }"),
            new("Keys", "Key.cs", "public static class Key { public static void Turn(this object key) { } }"),
            new("Keys", "Ring.cs", "internal record Ring { void Try(object it) => it.Open(); }"),
            new("Shop", "Doors.cs", "internal static class Doors { internal static void Open(this object it) => it.Turn(); }"),
            new(SourceFile.Root, "Street.cs", "public class Street { Door Door; }"),
        ];

        var circle = RoomReferences.Circles(RoomReferences.Of(files));

        Assert.Equal(["Door.cs names Key", "Doors.cs names Turn", "Ring.cs names Open"], circle.Select(reference => reference.Because).Order());
    }

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void The_map_names_every_room(string project)
    {
        var page = File.ReadAllText(Path.Combine(Sources.Root, "docs", "architecture.md"));
        var map = Map().Match(page).Value;
        var section = Regex.Match(map, $@"\*\*`[\w/]*{Regex.Escape(project)}`\*\*.*?(?=\n\*\*`|\z)", RegexOptions.Singleline).Value;

        var rooms = Sources.Project(project).Files.Select(file => file.Room).Distinct().Except([SourceFile.Root, SourceFile.Program]);

        Assert.NotEmpty(section);
        Assert.All(rooms, room => Assert.Contains($"`{room}`", section, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^## The rooms\n.*?(?=^## |\z)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Map();
}
