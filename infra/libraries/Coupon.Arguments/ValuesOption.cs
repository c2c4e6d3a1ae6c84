using System.CommandLine;

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
        ValueReading.Complete(CompletionSources, accepted.Choices);
        HelpName = ValueReading.HelpName(name, accepted.Choices);
    }

    /// <inheritdoc />
    public string AcceptedWords { get; }
}
