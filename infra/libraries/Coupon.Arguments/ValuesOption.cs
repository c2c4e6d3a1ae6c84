using System.CommandLine;
using System.CommandLine.Completions;

namespace Coupon.Arguments;

/// <summary>An option with any number of values, each after the option's name or several after it.</summary>
/// <typeparam name="T">The type of a value. Without the option there are none.</typeparam>
public sealed class ValuesOption<T> : Option<T[]>, IValued
{
    /// <summary>Makes the option.</summary>
    /// <param name="name">Its name, with the dashes.</param>
    /// <param name="accepted">The accepted values.</param>
    public ValuesOption(string name, Accepted<T> accepted)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        AcceptedWords = accepted.Words;
        AllowMultipleArgumentsPerToken = true;
        CustomParser = result => ValueReading.Many(result, name, accepted);
        // In place of what the library makes of a type of .NET.
        CompletionSources.Clear();
        CompletionSources.Add(_ => accepted.Choices.Select(choice => new CompletionItem(choice)));
        HelpName = ValueReading.HelpName(name, accepted.Choices);
    }

    /// <inheritdoc />
    public string AcceptedWords { get; }
}
