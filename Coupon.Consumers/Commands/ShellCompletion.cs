using System.CommandLine;
using System.CommandLine.Completions;
using Coupon.Arguments;

namespace Coupon.Consumers.Commands;

/// <summary>
/// Writes the completion of a command line as a script of a shell. The words are in the script: a program that is started at every press of Tab
/// would take a tenth of a second each time.
/// </summary>
internal static class ShellCompletion
{
    private const string Program = "Coupon.Consumers";

    /// <summary>The script.</summary>
    /// <param name="root">The commands.</param>
    /// <param name="forZsh">For zsh, which understands completion of bash once it is told to.</param>
    public static string Script(RootCommand root, bool forZsh)
    {
        var commands = Commands(root, "").ToList();
        var paths = string.Join(" | ", commands.Select(each => each.Path).Where(path => path.Length > 0).Select(path => $"'{path}'"));
        var values = string.Join('\n', commands.SelectMany(each => ValuesOf(each.Path, each.Command)));
        var words = string.Join('\n', commands.Select(each => $"        '{each.Path}') words='{string.Join(' ', Words(each.Command))}' ;;"));
        return (forZsh ? "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n" : "")
            + $$"""
                # Completes {{Program}}: subcommands, options, and the values of options that have few.
                _coupon_consumers() {
                  local at path="" words="" word="${COMP_WORDS[COMP_CWORD]}"
                  for ((at = 1; at < COMP_CWORD; at++)); do
                    case "${path:+$path }${COMP_WORDS[at]}" in
                      {{paths}}) path="${path:+$path }${COMP_WORDS[at]}" ;;
                    esac
                  done
                  case "$path:${COMP_WORDS[COMP_CWORD - 1]}" in
                {{values}}
                    *)
                      case "$path" in
                {{words}}
                      esac ;;
                  esac
                  COMPREPLY=($(compgen -W "$words" -- "$word"))
                }
                complete -F _coupon_consumers {{Program}}

                """;
    }

    // After an option that takes a value comes the value, and nothing else.
    private static IEnumerable<string> ValuesOf(string path, Command command) =>
        command
            .Options.Where(option => !option.Hidden && option.ValueType != typeof(bool) && option is IValued)
            .Select(option =>
                $"    {string.Join(" | ", Names(option).Select(name => $"'{path}:{name}'"))}) words='{string.Join(' ', Choices(option))}' ;;"
            );

    private static IEnumerable<(string Path, Command Command)> Commands(Command command, string path)
    {
        yield return (path, command);
        foreach (var sub in command.Subcommands.Where(sub => !sub.Hidden))
        {
            foreach (var below in Commands(sub, path.Length == 0 ? sub.Name : $"{path} {sub.Name}"))
                yield return below;
        }
    }

    private static IEnumerable<string> Words(Command command) =>
        command
            .Subcommands.Where(sub => !sub.Hidden)
            .Select(sub => sub.Name)
            .Concat(command.Arguments.SelectMany(argument => Labels(argument.GetCompletions(CompletionContext.Empty))))
            .Concat(command.Options.Where(option => !option.Hidden).Select(option => option.Name))
            .Append("--help")
            .Distinct();

    private static IEnumerable<string> Names(Option option) => option.Aliases.Prepend(option.Name);

    private static IEnumerable<string> Choices(Option option) => Labels(option.GetCompletions(CompletionContext.Empty));

    private static IEnumerable<string> Labels(IEnumerable<CompletionItem> items) => items.Select(item => item.InsertText ?? item.Label);
}
