namespace Coupon.Memory;

/// <summary>Section <c>Memory</c>.</summary>
public sealed class MemoryOptions
{
    /// <summary>Whether a process gives back what only its start needed, once, when its rehearsal is over. Default true; only on Linux there is anything to give.</summary>
    public bool ReleaseAfterRehearsal { get; set; } = true;
}
