using System.CommandLine;
using System.CommandLine.Parsing;

namespace Coupon.Arguments;

/// <summary>Runs a command line, or says on standard error what is wrong with it.</summary>
public static class CommandRun
{
    /// <summary>The exit code of a command line that is wrong; nothing was tried.</summary>
    public const int Usage = 2;

    // The default ends the process two seconds after Ctrl-C, and an orderly end may take longer.
    private static readonly InvocationConfiguration _invocation = new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };

    /// <summary>Runs the command.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="args">The command line.</param>
    /// <param name="errors">Where faults of the command line go; null: standard error.</param>
    /// <returns>The exit code of the command, or <see cref="Usage"/>.</returns>
    public static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args, TextWriter? errors = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        var parsed = root.Parse(args);
        var faults = FaultsOf(parsed, args);
        if (faults.Count == 0)
            return await parsed.InvokeAsync(_invocation);
        foreach (var fault in faults)
            await (errors ?? Console.Error).WriteLineAsync(fault);
        return Usage;
    }

    /// <summary>What is wrong with a command line, one line each; empty: nothing.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="args">The same as it was typed.</param>
    public static IReadOnlyList<string> FaultsOf(ParseResult parsed, IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        ArgumentNullException.ThrowIfNull(args);
        var path = PathOf(parsed.CommandResult);
        // Beside a word that it does not know, the library also misses the command that the word was meant to be.
        var errors = parsed.Errors.Where(error =>
            parsed.UnmatchedTokens.Count == 0
            || error.SymbolResult is not CommandResult
            || parsed.UnmatchedTokens.Any(word => error.Message.Contains($"'{word}'", StringComparison.Ordinal))
        );
        return [.. errors.Select(error => $"{path}: {Describe(error, args)} See {path} --help.").Distinct()];
    }

    private static string Describe(ParseError error, IReadOnlyList<string> args)
    {
        var message = Values.OneLine(error.Message);
        return error.SymbolResult switch
        {
            // Too few or too many values: the library's sentence, which names the option, and what it may have.
            OptionResult { Option: IValued option } when !error.Message.Contains("must be", StringComparison.Ordinal) =>
                $"{message} It must be {option.AcceptedWords}.",
            ArgumentResult { Argument: IValued argument } when !error.Message.Contains("must be", StringComparison.Ordinal) =>
                $"{message} It must be {argument.AcceptedWords}.",
            CommandResult => FlagWithValue(error, args) ?? message,
            _ => message,
        };
    }

    // Of --yes=maybe the library says only that it does not know 'maybe'.
    private static string? FlagWithValue(ParseError error, IReadOnlyList<string> args) =>
        args.Where(word => word.StartsWith("--", StringComparison.Ordinal))
            .Select(word => word.Split('=', 2))
            .FirstOrDefault(parts => parts.Length == 2 && error.Message.Contains($"'{parts[1]}'", StringComparison.Ordinal))
            is [var name, var value]
            ? Values.OneLine($"{name} must be alone, not with the value '{value}'.")
            : null;

    private static string PathOf(CommandResult? command)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = command; at is CommandResult { Command: var each }; at = at.Parent)
            names.Push(each.Name);
        return string.Join(' ', names);
    }
}
