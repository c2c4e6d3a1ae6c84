using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Commands;

/// <summary>Reports the result of an operation: data on standard output, a summary on standard error, and the exit code.</summary>
internal static class OperationReport
{
    public static async Task<int> ReportAsync(OperationResult result, string done, OutputFormat output)
    {
        if (output == OutputFormat.Json)
            Printing.WriteJson(result);
        else if (result.Failures.Count > 0)
            Printing.WriteTable(
                ["id", "not done because"],
                result.Failures.Select(failure => (string[])[failure.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), failure.Reason])
            );
        await Console.Error.WriteLineAsync($"{result.Done} of {result.Matched} {done}, {result.Skipped} skipped, {result.Failures.Count} failed.");
        if (result.SeatsToReturn > 0)
            await Console.Error.WriteLineAsync(
                $"{Counted.Of(result.SeatsToReturn, "seat is", "seats are")} not back in the stock yet; the consumer tries again until Redis answers."
            );
        return result switch
        {
            { Matched: 0 } => ExitCodes.NothingMatched,
            _ when result.Done == result.Matched => ExitCodes.Done,
            { Done: 0, Failures.Count: > 0 } => ExitCodes.Failed,
            _ => ExitCodes.Partly,
        };
    }

    /// <param name="selection">The selected entries. Their last id, given as <c>--up-to</c>, leaves out entries recorded later.</param>
    /// <param name="operation">The operation as a participle, such as <c>replayed</c>.</param>
    /// <param name="output">The format of the data.</param>
    public static async Task<int> DryRunAsync(DeadLetterSelection selection, string operation, OutputFormat output)
    {
        if (output == OutputFormat.Json)
            Printing.WriteJson(new { matched = selection.Selected, upToId = selection.UpToId });
        var letters = Counted.Of(selection.Selected, "dead letter");
        await Console.Error.WriteLineAsync($"{letters} would be {operation} (up to id {selection.UpToId}). Nothing was changed.");
        return selection.Selected > 0 ? ExitCodes.Done : ExitCodes.NothingMatched;
    }
}
