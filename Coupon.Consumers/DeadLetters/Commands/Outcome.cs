namespace Coupon.Consumers.DeadLetters.Commands;

/// <summary>Reports what came of an operation: data on standard output, words on standard error, and the exit code.</summary>
internal static class Outcome
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
        if (result.SeatsPending > 0)
            await Console.Error.WriteLineAsync(
                $"{result.SeatsPending} of the seats are not back in the stock yet: the consumer returns them when Redis answers."
            );
        return result switch
        {
            { Matched: 0 } => ExitCodes.NothingMatched,
            _ when result.Done == result.Matched => ExitCodes.Done,
            { Done: 0, Failures.Count: > 0 } => ExitCodes.Failed,
            _ => ExitCodes.Partly,
        };
    }

    /// <param name="meant">How many, and the last of them: <c>--up-to</c> makes sure that no other is done.</param>
    /// <param name="would">What would be done with them.</param>
    /// <param name="output">How data is written.</param>
    public static async Task<int> DryRunAsync(DeadLetterSelection meant, string would, OutputFormat output)
    {
        if (output == OutputFormat.Json)
            Printing.WriteJson(new { matched = meant.Meant, upToId = meant.UpToId });
        await Console.Error.WriteLineAsync($"{meant.Meant} would be {would} (up to id {meant.UpToId}). Nothing was changed.");
        return meant.Meant > 0 ? ExitCodes.Done : ExitCodes.NothingMatched;
    }
}
