namespace Coupon.Tests.Servers;

/// <summary>
/// Tests whose subject is what lies between two moments, a process stopped between two statements for example: other tests at the same time would
/// stretch it.
/// </summary>
[CollectionDefinition(nameof(OneAtATime), DisableParallelization = true)]
public sealed class OneAtATime;
