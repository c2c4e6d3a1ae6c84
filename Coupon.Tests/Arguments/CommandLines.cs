using System.CommandLine;
using System.CommandLine.Help;
using Coupon.Benchmarks.Commands;
using Coupon.Consumers.Commands;
using Coupon.Faults.Commands;
using Coupon.Sale;

namespace Coupon.Tests.Arguments;

/// <summary>The command lines of the repository, as trees of commands.</summary>
internal static class CommandLines
{
    public static IReadOnlyList<string> Programs { get; } = ["Coupon.Consumers", "Coupon.Sale", "Coupon.Benchmarks", "Coupon.Faults"];

    public static RootCommand RootOf(string program) =>
        program switch
        {
            "Coupon.Consumers" => CommandLine.Root(),
            "Coupon.Sale" => SaleCommandLine.Root(),
            "Coupon.Faults" => FaultsCommandLine.Root(),
            _ => BenchmarkCommandLine.Root(),
        };

    /// <summary>All commands of a tree, hidden ones too, each with the words that call it.</summary>
    public static IEnumerable<(string[] Path, Command Command)> Commands(Command root) => Commands(root, []);

    /// <summary>The options of a command, those that it inherits too, without help and version.</summary>
    public static IEnumerable<Option> OptionsOf(Command command) =>
        command
            .Options.Concat(Above(command).SelectMany(above => above.Options.Where(option => option.Recursive)))
            .Where(option => option is not (HelpOption or VersionOption))
            .Distinct();

    /// <summary>Words with which a command lacks nothing, apart from those of one option or argument.</summary>
    public static IEnumerable<string> Complete(Command command, Symbol without) =>
        command
            .Arguments.Where(argument => argument != without && argument.Arity.MinimumNumberOfValues > 0)
            .Select(ValidValue)
            .Concat(
                OptionsOf(command)
                    .Where(option => option != without && option.Required)
                    .SelectMany(option => new[] { option.Name, ValidValue(option) })
            );

    private static string ValidValue(Symbol symbol) =>
        symbol.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).FirstOrDefault()?.Label
        ?? (symbol is Option { ValueType: var type } && type == typeof(string) ? "x" : "1");

    private static IEnumerable<(string[] Path, Command Command)> Commands(Command command, string[] path)
    {
        yield return (path, command);
        foreach (var below in command.Subcommands.SelectMany(sub => Commands(sub, [.. path, sub.Name])))
            yield return below;
    }

    private static IEnumerable<Command> Above(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => Above(parent).Prepend(parent));
}
