namespace Coupon.Memory;

/// <summary>A range of addresses that a file is mapped to.</summary>
/// <param name="Start">The first address.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct MemoryRegion(nuint Start, nuint Length);
