namespace Coupon.Consumers.Commands;

/// <summary>Asks for confirmation before a change, where there is a terminal to ask on.</summary>
internal static class Confirmation
{
    /// <returns>Null: confirmed. Else the exit code to end with.</returns>
    public static async Task<int?> AskAsync(string question, bool yes)
    {
        if (yes)
            return null;
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            await Console.Error.WriteLineAsync($"{question} There is no terminal to ask on: repeat with --yes.");
            return ExitCodes.Usage;
        }
        await Console.Error.WriteAsync($"{question} [y/N] ");
        if (Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes")
            return null;
        await Console.Error.WriteLineAsync("Nothing was changed.");
        return ExitCodes.Failed;
    }
}
