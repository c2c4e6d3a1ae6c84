using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Accepting;

/// <summary>Starts every server of the accept path.</summary>
internal sealed class Contenders : IAsyncDisposable
{
    private readonly List<ServerProcess> _processes = [];
    private readonly List<Contender> _contenders = [];

    private Contenders()
    {
    }

    public IReadOnlyList<Contender> All => _contenders;

    public static async Task<Contenders> StartAsync(BenchmarkStack stack, Programs programs, long stock, CancellationToken cancellationToken)
    {
        var contenders = new Contenders();
        await stack.Redis.GetServers()[0].ScriptLoadAsync(IssueScript.Script.Text);
        await stack.CreateTopicsAsync("hand-written");
        string?[] baselines = [null, BaselineServer.Bare, BaselineServer.HandWritten, BaselineServer.HandWritten];
        string[] names = [BaselineServer.Bare, BaselineServer.HandWritten, BaselineServer.SynchronousInsert, BaselineServer.RowLock];
        foreach (var (name, baseline) in names.Zip(baselines))
        {
            var command = Programs.Baseline(name, stack.Environment("hand-written"));
            var server = contenders.Keep(await ServerProcess.StartAsync(name, command, stack.LogFolder, cancellationToken));
            contenders._contenders.Add(new Contender(name, server, await stack.CreateCouponAsync(stock), baseline));
        }

        return contenders;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
    }

    private ServerProcess Keep(ServerProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
