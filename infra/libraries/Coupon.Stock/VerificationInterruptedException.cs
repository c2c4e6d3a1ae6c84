namespace Coupon.Stock;

/// <summary>
/// A verification cannot go on: Redis lost data again meanwhile, another one took over, or the lock was lost. Nothing is wrong with trying again.
/// </summary>
public sealed class VerificationInterruptedException : Exception
{
    /// <summary>Says what happened.</summary>
    public VerificationInterruptedException(string message)
        : base(message) { }
}
