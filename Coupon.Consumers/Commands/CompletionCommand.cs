using System.CommandLine;
using Coupon.Arguments;

namespace Coupon.Consumers.Commands;

/// <summary><c>completion SHELL</c>: a script that completes this program's command line.</summary>
internal static class CompletionCommand
{
    private const string Bash = "bash";
    private const string Zsh = "zsh";

    public static Command Create(RootCommand root)
    {
        var shell = new ValueArgument<string>("shell", Values.OneOf(Bash, Zsh)) { Description = $"{Bash} or {Zsh}." };
        var command = new Command("completion", "Writes a script for a shell: source <(Coupon.Consumers completion bash)") { shell };
        command.SetAction(parsed => Console.Out.Write(ShellCompletion.Script(root, forZsh: parsed.GetValue(shell) == Zsh)));
        return command;
    }
}
