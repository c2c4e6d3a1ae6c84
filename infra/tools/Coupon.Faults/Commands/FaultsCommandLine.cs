using System.CommandLine;
using System.Globalization;
using Coupon.Arguments;
using Coupon.Faults.Protections;

namespace Coupon.Faults.Commands;

/// <summary>The command line of <c>infra/faults</c>.</summary>
internal static class FaultsCommandLine
{
    // A seed and the number of runs together stay a number.
    private const int MostRuns = 10_000;
    private const int NoCopyNeeded = 3;
    private const int LargestSeed = 1_000_000_000;

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

    /// <summary>All commands.</summary>
    public static RootCommand Root()
    {
        var runs = new ValueOption<int>("--runs", Values.Whole(1, MostRuns))
        {
            Description = "How many seeds are run, one after the other.",
            DefaultValueFactory = _ => 1,
        };
        var seed = new ValueOption<int>("--seed", Values.Whole(1, LargestSeed))
        {
            Description = "The first seed, from which the faults are drawn.",
            DefaultValueFactory = _ => 1,
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
            keep,
            without,
            shrink,
            untilBroken,
            output,
        };
        root.SetAction(
            (result, cancellationToken) =>
                FaultsCommand.RunAsync(
                    new FaultsOptions(
                        result.GetValue(runs),
                        result.GetValue(seed),
                        result.GetValue(keep),
                        result.GetValue(without),
                        result.GetValue(shrink),
                        result.GetValue(untilBroken),
                        result.GetValue(output)!
                    ),
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
