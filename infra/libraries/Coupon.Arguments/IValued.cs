namespace Coupon.Arguments;

/// <summary>An option or argument whose value is checked as it is read.</summary>
public interface IValued
{
    /// <summary>The accepted values in words, after "must be".</summary>
    string AcceptedWords { get; }
}
