namespace Coupon.Hosting.Stopping;

/// <summary>With which code the process ends: 0, unless a part of it has ended the program for a reason that an administrator must see.</summary>
public sealed class ServiceExit
{
    /// <summary>An administrator must put something right first.</summary>
    public const int Failed = 1;

    /// <summary>The code.</summary>
    public int Code { get; set; }
}
