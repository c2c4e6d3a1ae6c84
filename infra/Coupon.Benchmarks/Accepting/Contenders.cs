using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Accepting;

/// <summary>Starts every server of the accept path.</summary>
internal sealed class Contenders : IAsyncDisposable
{
    private const string Consumed = "ours with a consumer";

    private readonly List<ServerProcess> _processes = [];
    private readonly List<Contender> _contenders = [];

    private Contenders()
    {
    }

    public IReadOnlyList<Contender> All => _contenders;

    public static async Task<Contenders> StartAsync(BenchmarkStack stack, Programs programs, long stock, CancellationToken cancellationToken)
    {
        var contenders = new Contenders();
        try
        {
            await contenders.AddAllAsync(stack, programs, stock, cancellationToken);
            return contenders;
        }
        catch
        {
            await contenders.DisposeAsync();
            throw;
        }
    }

    private async Task AddAllAsync(BenchmarkStack stack, Programs programs, long stock, CancellationToken cancellationToken)
    {
        await stack.Redis.GetServers()[0].ScriptLoadAsync(IssueScript.Script.Text);
        await stack.CreateTopicsAsync("hand-written");
        string?[] baselines = [null, BaselineServer.Bare, BaselineServer.HandWritten, BaselineServer.HandWritten];
        string[] names = [BaselineServer.Bare, BaselineServer.HandWritten, BaselineServer.SynchronousInsert, BaselineServer.RowLock];
        foreach (var (name, baseline) in names.Zip(baselines))
        {
            var command = Programs.Baseline(name, stack.Environment("hand-written"));
            var server = Keep(await ServerProcess.StartAsync(name, command, stack.LogFolder, cancellationToken));
            _contenders.Add(new Contender(name, server, Contender.Always(await stack.CreateCouponAsync(stock, cancellationToken)), baseline));
        }

        // Each with topics of its own, so that only the one that has a consumer is consumed from.
        await AddServiceAsync("ours", programs, stack, BaselineServer.HandWritten, stock, [], cancellationToken);
        await AddServiceAsync("ours without outbox", programs, stack, "ours", stock, new() { ["Issuing__OutboxLimit"] = "0" }, cancellationToken);
        if (!programs.ConsumersAreThere) return;
        await AddServiceAsync(Consumed, programs, stack, BaselineServer.HandWritten, stock, [], cancellationToken);
        var consumer = programs.Consumers(stack.Environment(Topic(Consumed)));
        Keep(await ServerProcess.StartAsync("consumer", consumer, stack.LogFolder, cancellationToken));
    }

    private async Task AddServiceAsync(
        string name, Programs programs, BenchmarkStack stack, string baseline, long stock, Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        await stack.CreateTopicsAsync(Topic(name));
        var environment = stack.Environment(Topic(name));
        foreach (var (key, value) in settings) environment[key] = value;
        var api = Keep(await ServerProcess.StartAsync(name, programs.Api(environment), stack.LogFolder, cancellationToken));
        _contenders.Add(new Contender(name, api, Contender.Always(await CouponClient.CreateAsync(api.Address, stock, cancellationToken)), baseline));
    }

    private static string Topic(string name) => name.Replace(' ', '-');

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
