using System.Text.RegularExpressions;

namespace Coupon.Tests.Architecture;

/// <summary>The conventions of CONTRIBUTING.md that no compiler and no formatter checks.</summary>
[NeedsNothing]
public sealed partial class ConventionTests
{
    private const string Rider = "MassTransit.KafkaRider";
    private static readonly string[] _programs = ["Coupon.Api", "Coupon.Consumers"];

    public static TheoryData<string> Projects => new(Sources.Product.Concat(Sources.Tools).Select(project => project.Name));

    public static TheoryData<string> Libraries => new(Sources.Product.Select(project => project.Name).Except(_programs));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_the_rider_configures_awaits(string project) => Assert.Empty(Find(project, Awaits(), except: Rider));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Work_that_repeats_is_a_periodic_service(string project) =>
        AssertNone(Find(project, Timers(), except: Rider), "Background/PeriodicService.cs:");

    [Theory]
    [MemberData(nameof(Projects))]
    public void Options_are_registered_by_AddValidated_alone(string project) =>
        AssertNone(Find(project, Registrations(), except: Rider), "Configuration/ValidatedOptions.cs:");

    [Theory]
    [MemberData(nameof(Projects))]
    public void Own_options_are_asked_for_by_their_type(string project)
    {
        var own = Sources.Product.Concat(Sources.Tools).SelectMany(each => each.Files).SelectMany(file => file.Types).ToHashSet();

        Assert.DoesNotContain(Find(project, Wrapped(), except: Rider), found => own.Contains(Wrapped().Match(found).Groups["type"].Value));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_pragma_allows_what_is_banned(string project) => Assert.Empty(Find(project, Allowances(), except: ""));

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_refers_to_no_program_and_to_no_tool(string project)
    {
        var references = References().Matches(Sources.Project(project).ProjectFile).Select(match => match.Groups["name"].Value).ToList();

        Assert.Empty(references.Intersect([.. _programs, .. Sources.Tools.Select(tool => tool.Name)]));
        if (project is "Coupon.Contracts" or Rider)
            Assert.Empty(references);
    }

    [Fact]
    public void The_rules_find_what_they_look_for()
    {
        Assert.Matches(Awaits(), "await task.ConfigureAwait(false);");
        Assert.Matches(Timers(), "using var timer = new PeriodicTimer(second, time);");
        Assert.Matches(Registrations(), "services.AddOptions<Doors>().Bind(section).ValidateOnStart();");
        Assert.DoesNotMatch(Registrations(), "services.AddValidated<Doors>(section).Validate(doors => doors.Count > 0, text);");
        Assert.Equal("Doors", Wrapped().Match("Door(IOptions<Doors> options)").Groups["type"].Value);
        Assert.NotEmpty(References().Matches(Sources.Project("Coupon.Stock").ProjectFile));
    }

    private static void AssertNone(IEnumerable<string> found, string exceptIn) =>
        Assert.Empty(found.ToList().FindAll(place => !place.StartsWith(exceptIn, StringComparison.Ordinal)));

    private static IEnumerable<string> Find(string project, Regex pattern, string except) =>
        project == except ? [] : Sources.Project(project).Files.SelectMany(file => file.Find(pattern));

    [GeneratedRegex(@"\.ConfigureAwait\(")]
    private static partial Regex Awaits();

    [GeneratedRegex(@"\bPeriodicTimer\b")]
    private static partial Regex Timers();

    [GeneratedRegex(@"\.(?:ValidateDataAnnotations|ValidateOnStart|BindConfiguration|Bind)\(")]
    private static partial Regex Registrations();

    [GeneratedRegex(@"\bIOptions(?:Monitor|Snapshot)?<(?<type>\w+)>")]
    private static partial Regex Wrapped();

    [GeneratedRegex(@"#pragma warning disable[^\n]*RS0030")]
    private static partial Regex Allowances();

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*/(?<name>[\w.]+)\.csproj""")]
    private static partial Regex References();
}
