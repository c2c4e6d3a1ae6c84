using System.Collections.Concurrent;

namespace Coupon.Faults.Stack;

/// <summary>Which processes a fault has ended, so that whatever else ends is a crash.</summary>
internal sealed class ExpectedEnds
{
    private readonly ConcurrentDictionary<string, byte> _names = new();

    public void Expect(string process) => _names[process] = 0;

    public void ExpectNoMore(string process) => _names.TryRemove(process, out _);

    public bool Expects(string process) => _names.ContainsKey(process);
}
