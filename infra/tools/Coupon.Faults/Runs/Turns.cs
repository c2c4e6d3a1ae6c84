using Coupon.Faults.Schedules;

namespace Coupon.Faults.Runs;

/// <summary>One fault at a time for each process and for the servers of each kind. Links are no concern of this.</summary>
internal sealed class Turns
{
    private readonly Dictionary<string, SemaphoreSlim> _ones = Names
        .AllProcesses.Concat(Names.Servers)
        .ToDictionary(name => name, _ => new SemaphoreSlim(1));

    /// <summary>Waits until no other fault concerns the target; until the result is disposed, none begins.</summary>
    public async Task<IDisposable> TakeAsync(FaultTarget target, CancellationToken cancellationToken)
    {
        // In the same order everywhere, so that nobody waits for each other.
        IReadOnlyList<string> names = target switch
        {
            { Process: FaultTarget.EveryProcess } => Names.Processes,
            { Process: { } process, Server: null } => [process],
            { Process: null, Server: { } server } => [Names.KindOf(server)],
            _ => [],
        };
        foreach (var name in names)
            await _ones[name].WaitAsync(cancellationToken);
        return new Turn([.. names.Select(name => _ones[name])]);
    }

    private sealed class Turn(IReadOnlyList<SemaphoreSlim> taken) : IDisposable
    {
        public void Dispose()
        {
            foreach (var one in taken)
                one.Release();
        }
    }
}
