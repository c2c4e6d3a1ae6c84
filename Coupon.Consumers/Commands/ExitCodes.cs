using Coupon.Arguments;

namespace Coupon.Consumers.Commands;

/// <summary>The exit codes of the commands.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    public const int Failed = 1;

    /// <summary>The command line is invalid; nothing was tried.</summary>
    public const int Usage = CommandRun.Usage;

    public const int NothingMatched = 3;

    /// <summary>Some of it was done, some was not.</summary>
    public const int Partly = 4;
}
