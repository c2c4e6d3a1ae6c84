using System.CommandLine;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks;

/// <summary>The options of every benchmark.</summary>
/// <param name="Rounds">Measurements of each row.</param>
/// <param name="Output">The folder for tables and plots.</param>
/// <param name="Programs">What is measured.</param>
internal sealed record Settings(int Rounds, string Output, Programs Programs)
{
    private static readonly Option<int> _rounds = Recursive(
        SizeOption.Create("--rounds", 5, 1_000, "Measurements of each row, in turn with all others.")
    );

    private static readonly Option<string> _output = new("--output")
    {
        DefaultValueFactory = _ => "artifacts/benchmarks",
        Recursive = true,
        Description = "The folder for tables and plots.",
    };

    private static readonly Option<string> _programs = new("--programs")
    {
        DefaultValueFactory = _ => "artifacts/benchmark",
        Recursive = true,
        Description = "The folder of the published programs (infra/publish).",
    };

    public static Option[] Options => [_rounds, _output, _programs];

    public static Settings Of(ParseResult parsed) =>
        new(parsed.GetValue(_rounds), parsed.GetValue(_output)!, new Programs(Path.GetFullPath(parsed.GetValue(_programs)!)));

    private static Option<int> Recursive(Option<int> option)
    {
        option.Recursive = true;
        return option;
    }
}
