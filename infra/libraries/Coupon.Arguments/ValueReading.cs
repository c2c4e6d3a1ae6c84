using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace Coupon.Arguments;

/// <summary>
/// Reads the value of an option or argument. The conversion of System.CommandLine is not used: a validator that asks for a value which it could not
/// convert throws, and its message names a type of .NET instead of the accepted values.
/// </summary>
internal static class ValueReading
{
    private const int LongestHelpName = 20;

    /// <summary>What help shows after an option: its choices where they are few, or its own name.</summary>
    public static string HelpName(string option, IReadOnlyList<string> choices) =>
        string.Join('|', choices) is { Length: > 0 and <= LongestHelpName } all ? all : option.TrimStart('-');

    /// <summary>Completes with the choices, in place of what the library makes of a type of .NET.</summary>
    public static void Complete(List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, IReadOnlyList<string> choices)
    {
        sources.Clear();
        sources.Add(_ => choices.Select(choice => new CompletionItem(choice)));
    }

    public static T One<T>(ArgumentResult result, string name, Accepted<T> accepted)
    {
        var fault = accepted.Read(result.Tokens.Single().Value, out var value);
        if (fault is not null)
            result.AddError($"{name} {fault}.");
        return value;
    }

    public static T[] Many<T>(ArgumentResult result, string name, Accepted<T> accepted)
    {
        var values = new List<T>();
        foreach (var token in result.Tokens)
        {
            if (accepted.Read(token.Value, out var value) is { } fault)
            {
                result.AddError($"{name} {fault}.");
                return [];
            }
            values.Add(value);
        }
        return [.. values];
    }
}
