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
        var command = new Command("groups", "Counts dead letters by cause and state.") { output };
        filter.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                CommandServices.RunAsync(async services =>
                {
                    var groups = await services.GetRequiredService<DeadLetterQueries>().GroupsAsync(filter.Read(parsed), cancellationToken);
                    if (parsed.GetValue(output) == OutputFormat.Json)
                        Printing.WriteJson(groups);
                    else if (groups.Count > 0)
                        Write(groups);
                    return groups.Count > 0 ? ExitCodes.Done : ExitCodes.NothingMatched;
                })
        );
        return command;
    }

    /// <summary>Writes groups as a table.</summary>
    public static void Write(IEnumerable<DeadLetterGroup> groups) =>
        Printing.WriteTable(["cause", "state", "count", "first seen (UTC)", "last seen (UTC)"], groups.Select(Row));

    private static string[] Row(DeadLetterGroup group) =>
        [
            group.Cause,
            group.State.ToString(),
            group.Count.ToString(CultureInfo.InvariantCulture),
            Printing.Time(group.FirstSeen),
            Printing.Time(group.LastSeen),
        ];
}
