using System.CommandLine;

namespace Coupon.Arguments;

/// <summary>An option with one value.</summary>
/// <typeparam name="T">The type of the value. Without the option it is the default of the type, or what the option's factory makes.</typeparam>
public sealed class ValueOption<T> : Option<T>, IValued
{
    /// <summary>Makes the option.</summary>
    /// <param name="name">Its name, with the dashes.</param>
    /// <param name="accepted">The accepted values.</param>
    /// <param name="aliases">Its other names.</param>
    public ValueOption(string name, Accepted<T> accepted, params string[] aliases)
        : base(name, aliases)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        AcceptedWords = accepted.Words;
        CustomParser = result => ValueReading.One(result, name, accepted);
        ValueReading.Complete(CompletionSources, accepted.Choices);
        HelpName = ValueReading.HelpName(name, accepted.Choices);
    }

    /// <inheritdoc />
    public string AcceptedWords { get; }
}
