using System.CommandLine;
using Coupon.Arguments;

namespace Coupon.Tests.Arguments;

/// <summary>Every option and argument of every command, found in the trees: a wrong value is refused before anything starts.</summary>
public sealed class WrongValueTests
{
    private static readonly string[] _wrong =
    [
        "abc",
        "",
        "-1",
        "0",
        "1e400",
        "5000000000",
        "99999999999999999999",
        "1,5",
        "0x10",
        "a/b@c",
        "two\nlines",
        new('x', 2000),
    ];

    /// <summary>The program, the command and the option or argument.</summary>
    public static TheoryData<string, string, string> All =>
        [
            .. from program in CommandLines.Programs
            from each in CommandLines.Commands(CommandLines.RootOf(program))
            where each.Command.Action is not null
            from symbol in CommandLines.OptionsOf(each.Command).Cast<Symbol>().Concat(each.Command.Arguments)
            select new TheoryDataRow<string, string, string>(program, string.Join(' ', each.Path), symbol.Name),
        ];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_wrong_value_ends_with_2_and_one_line_that_names_the_option_and_what_it_accepts(string program, string path, string name)
    {
        var root = CommandLines.RootOf(program);
        var words = path.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var command = CommandLines.Commands(root).Single(each => each.Path.SequenceEqual(words)).Command;
        var symbol = CommandLines.OptionsOf(command).Cast<Symbol>().Concat(command.Arguments).Single(each => each.Name == name);
        string[] before = [.. words, .. CommandLines.Complete(command, symbol)];
        string[][] lines = symbol switch
        {
            Option { ValueType: var type } when type == typeof(bool) =>
            [
                [.. before, $"{name}=maybe"],
            ],
            Option => [.. _wrong.Select(value => (string[])[.. before, name, value])],
            // A word with a dash would be an option.
            _ => [.. _wrong.Where(value => !value.StartsWith('-')).Select(value => (string[])[.. before, value])],
        };

        var refused = 0;
        foreach (var line in lines)
        {
            // What is accepted must not run.
            if (CommandRun.FaultsOf(root.Parse(line), line).Count == 0)
                continue;
            refused++;
            using var errors = new StringWriter();
            Assert.Equal(CommandRun.Usage, await CommandRun.RunAsync(root, line, errors));
            var fault = Assert.Single(errors.ToString().TrimEnd('\n').Split('\n'));
            Assert.Contains($" {name} ", fault, StringComparison.Ordinal);
            if (symbol is IValued { AcceptedWords: var accepted } && !HasRuleInWords(symbol))
                Assert.Contains($" must be {accepted}, not '", fault, StringComparison.Ordinal);
        }

        // Any text will do for the words of a program and the names of folders.
        Assert.True(refused > 0 || IsAnyText(symbol), $"{name} of {program} {path} takes whatever it is given.");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_no_text_and_no_flag_checks_its_value_itself(string program, string path, string name)
    {
        var command = CommandLines.Commands(CommandLines.RootOf(program)).Single(each => string.Join(' ', each.Path) == path).Command;
        var symbol = CommandLines.OptionsOf(command).Cast<Symbol>().Concat(command.Arguments).Single(each => each.Name == name);

        Assert.True(
            symbol is IValued or Option<bool> || IsAnyText(symbol),
            $"{name} of {program} {path}: use ValueOption, ValuesOption or ValueArgument."
        );
    }

    [Theory]
    [InlineData("Coupon.Consumers", "dead-letters list --limit", "--limit")]
    [InlineData("Coupon.Consumers", "dead-letters list --limit 1 --limit 2", "--limit")]
    [InlineData("Coupon.Consumers", "dead-letters show", "id")]
    [InlineData("Coupon.Consumers", "dead-letters discard", "--reason")]
    [InlineData("Coupon.Sale", "--users", "--users")]
    public void A_value_that_is_missing_or_there_twice_is_refused_with_what_is_accepted(string program, string line, string name)
    {
        var words = line.Split(' ');

        var fault = Assert.Single(CommandRun.FaultsOf(CommandLines.RootOf(program).Parse(words), words));

        Assert.Contains($"'{name}'", fault, StringComparison.Ordinal);
        Assert.Contains("It must be ", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Coupon.Consumers", "burn", "burn")]
    [InlineData("Coupon.Consumers", "dead-letters burn", "burn")]
    [InlineData("Coupon.Consumers", "balance --jsn", "--jsn")]
    [InlineData("Coupon.Sale", "--user 5", "--user")]
    [InlineData("Coupon.Benchmarks", "sell", "sell")]
    public void A_word_that_is_not_known_is_named(string program, string line, string word)
    {
        var words = line.Split(' ');

        var faults = CommandRun.FaultsOf(CommandLines.RootOf(program).Parse(words), words);

        Assert.Contains($"'{word}'", faults[0], StringComparison.Ordinal);
    }

    // Names and reasons have rules of several kinds, each of which has a sentence of its own.
    private static bool HasRuleInWords(Symbol symbol) =>
        symbol is Option<string> or Option<string[]> && !symbol.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Any();

    private static bool IsAnyText(Symbol symbol) => symbol is not IValued and (Option<string> or Argument<string[]>);
}
