using System.CommandLine;

namespace Coupon.Arguments;

/// <summary>An argument with one value.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class ValueArgument<T> : Argument<T>, IValued
{
    /// <summary>Makes the argument.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="accepted">The accepted values.</param>
    public ValueArgument(string name, Accepted<T> accepted)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        AcceptedWords = accepted.Words;
        CustomParser = result => ValueReading.One(result, name, accepted);
        ValueReading.Complete(CompletionSources, accepted.Choices);
    }

    /// <inheritdoc />
    public string AcceptedWords { get; }
}
