using System.CommandLine;
using System.Globalization;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Commands;

/// <summary><c>dead-letters groups</c>.</summary>
internal static class GroupsCommand
{
    public static Command Create()
    {
        var (filter, output) = (new FilterOptions(), CommonOptions.Output());
        var byPlace = new Option<bool>("--by-place") { Description = "Also by the first frame of the stack that failed." };
        var command = new Command("groups", "Counts dead letters by cause and state.") { output, byPlace };
        filter.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                CommandServices.RunAsync(async services =>
                {
                    var queries = services.GetRequiredService<DeadLetterQueries>();
                    return parsed.GetValue(byPlace)
                        ? Report(await queries.FailureGroupsAsync(filter.Read(parsed), cancellationToken), WritePlaces, parsed.GetValue(output))
                        : Report(await queries.GroupsAsync(filter.Read(parsed), cancellationToken), Write, parsed.GetValue(output));
                })
        );
        return command;
    }

    /// <summary>Writes groups as a table.</summary>
    public static void Write(IReadOnlyList<DeadLetterGroup> groups) =>
        Printing.WriteTable(["cause", "state", "count", "first seen (UTC)", "last seen (UTC)"], groups.Select(Row));

    private static int Report<T>(IReadOnlyList<T> groups, Action<IReadOnlyList<T>> write, OutputFormat output)
    {
        if (output == OutputFormat.Json)
            Printing.WriteJson(groups);
        else if (groups.Count > 0)
            write(groups);
        return groups.Count > 0 ? ExitCodes.Done : ExitCodes.NothingMatched;
    }

    private static void WritePlaces(IReadOnlyList<FailureGroup> groups) =>
        Printing.WriteTable(
            ["cause", "failed in", "state", "count", "first seen (UTC)", "last seen (UTC)"],
            groups.Select(group =>
                (string[])
                    [
                        group.Cause,
                        group.FailedIn ?? "–",
                        group.State.ToString(),
                        group.Count.ToString(CultureInfo.InvariantCulture),
                        Printing.Time(group.FirstSeen),
                        Printing.Time(group.LastSeen),
                    ]
            )
        );

    private static string[] Row(DeadLetterGroup group) =>
        [
            group.Cause,
            group.State.ToString(),
            group.Count.ToString(CultureInfo.InvariantCulture),
            Printing.Time(group.FirstSeen),
            Printing.Time(group.LastSeen),
        ];
}
