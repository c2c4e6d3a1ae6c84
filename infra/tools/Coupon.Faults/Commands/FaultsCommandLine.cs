using System.CommandLine;
using System.Globalization;
using Coupon.Arguments;
using Coupon.Faults.Protections;
using Coupon.Faults.Schedules;

namespace Coupon.Faults.Commands;

/// <summary>The command line of <c>infra/faults</c>.</summary>
internal static class FaultsCommandLine
{
    // A seed and the number of runs together stay a number.
    private const int MostRuns = 10_000;
    private const int NoCopyNeeded = 3;
    private const int LargestSeed = 1_000_000_000;
    private const int MostAtATime = 16;
    private const string FaultsInWords = "kinds of faults with commas between them, each with @PROCESS or @PROCESS:SERVER or without";

    private static readonly Accepted<IReadOnlyList<int>?> _numbers = new(
        "whole numbers from 0 to 99 with commas between them",
        (string text, out IReadOnlyList<int>? numbers) =>
        {
            var parts = text.Split(',');
            var read = new List<int>();
            foreach (var part in parts)
            {
                if (part.Length is 0 or > 2 || !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                {
                    numbers = null;
                    return Values.Fault("whole numbers from 0 to 99 with commas between them", text);
                }

                read.Add(number);
            }

            numbers = read;
            return null;
        }
    );

    private static readonly Accepted<IReadOnlyList<FaultChoice>?> _faults = new(
        FaultsInWords,
        (string text, out IReadOnlyList<FaultChoice>? choices) =>
        {
            var read = text.Split(',').Select(FaultChoice.Parse).ToList();
            choices = read.Contains(null) ? null : [.. read.Select(choice => choice!)];
            return choices is null ? Values.Fault(FaultsInWords, text) : null;
        }
    );

    /// <summary>All commands.</summary>
    public static RootCommand Root()
    {
        var runs = new ValueOption<int>("--runs", Values.Whole(1, MostRuns))
        {
            Description = "How many seeds are run.",
            DefaultValueFactory = _ => 1,
        };
        var seed = new ValueOption<int>("--seed", Values.Whole(1, LargestSeed))
        {
            Description = "The first seed, from which the faults are drawn.",
            DefaultValueFactory = _ => 1,
        };
        var parallel = new ValueOption<int>("--parallel", Values.Whole(1, MostAtATime))
        {
            Description = "How many runs are held at a time, each on servers of its own.",
            DefaultValueFactory = _ => 1,
        };
        var stack = new ValueOption<StackKind?>(
            "--stack",
            Values.Choice<StackKind?>([.. Enum.GetValues<StackKind>().Select(Names.Of)], name =>
                Enum.GetValues<StackKind>().Single(kind => Names.Of(kind) == name)
            )
        )
        {
            Description = "The servers; without it they are drawn from the seed.",
        };
        var faults = new ValueOption<IReadOnlyList<FaultChoice>?>("--faults", _faults)
        {
            Description = "The faults of each run, once each, at times that the seed gives; without it they are drawn as well.",
        };
        var keep = new ValueOption<IReadOnlyList<int>?>("--keep", _numbers) { Description = "Only the faults with these numbers; 0: none." };
        var without = new ValueOption<Protection?>(
            "--without",
            Values.Choice<Protection?>([.. AllProtections.List.Select(protection => protection.Name)], name =>
                AllProtections.List.Single(protection => protection.Name == name)
            )
        )
        {
            Description = "Switches a protection off, to see that a run notices.",
        };
        var shrink = new Option<bool>("--shrink") { Description = "Drop faults from a schedule that fails, while it still fails." };
        var untilBroken = new Option<bool>("--until-broken") { Description = "End with the first run that fails." };
        var output = new Option<string>("--output")
        {
            Description = "The folder for timelines and logs.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "faults"),
        };

        var root = new RootCommand("Holds sales on real processes while servers and links fail as a seed says, and checks every promise by id.")
        {
            runs,
            seed,
            parallel,
            stack,
            faults,
            keep,
            without,
            shrink,
            untilBroken,
            output,
        };
        root.SetAction(
            (result, cancellationToken) =>
                FaultsCommand.RunAsync(
                    new FaultsOptions
                    {
                        Runs = result.GetValue(runs),
                        Seed = result.GetValue(seed),
                        Parallel = result.GetValue(parallel),
                        Stack = result.GetValue(stack),
                        Faults = result.GetValue(faults),
                        Keep = result.GetValue(keep),
                        Without = result.GetValue(without),
                        Shrink = result.GetValue(shrink),
                        UntilBroken = result.GetValue(untilBroken),
                        Output = result.GetValue(output)!,
                    },
                    Console.Out,
                    cancellationToken
                )
        );
        root.Add(Weaken());
        return root;
    }

    // For the script, which then builds the copy.
    private static Command Weaken()
    {
        var name = new ValueArgument<Protection>(
            "protection",
            Values.Choice([.. AllProtections.List.Select(protection => protection.Name)], name =>
                AllProtections.List.Single(each => each.Name == name)
            )
        );
        var sources = new Option<string?>("--sources") { Description = "A copy of the sources. Without it, nothing is changed." };
        var weaken = new Command("weaken", "Changes a copy of the sources so that a protection is switched off. Exit code 3: none is needed for it.")
        {
            name,
            sources,
        };
        weaken.Hidden = true;
        weaken.SetAction(result =>
        {
            var protection = result.GetValue(name)!;
            if (protection.Edits.Count == 0)
                return NoCopyNeeded;
            if (result.GetValue(sources) is { } folder)
            {
                foreach (var edit in protection.Edits)
                    edit.Apply(folder);
            }

            return 0;
        });
        return weaken;
    }
}
