namespace Coupon.Tests.Stock;

/// <summary>Tests that stop a process between two statements of MySQL: others at the same time would stretch what lies between them.</summary>
[CollectionDefinition(nameof(OneAtATime), DisableParallelization = true)]
public sealed class OneAtATime;
