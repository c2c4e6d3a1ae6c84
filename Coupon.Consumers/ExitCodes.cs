namespace Coupon.Consumers;

/// <summary>What every command of this program returns to the shell.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    public const int Failed = 1;

    /// <summary>The command line itself was wrong; nothing was tried.</summary>
    public const int Usage = 2;

    public const int NothingMatched = 3;

    /// <summary>Some were done, some were not.</summary>
    public const int Partly = 4;
}
