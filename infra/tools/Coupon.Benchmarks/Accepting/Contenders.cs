using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Accepting;

/// <summary>Starts every server of the accept path.</summary>
internal sealed class Contenders : IAsyncDisposable
{
    /// <summary>The service, without a consumer.</summary>
    public const string Ours = "ours";

    private const string Consumed = "ours with a consumer";

    private readonly ServerProcesses _processes;
    private readonly List<Contender> _contenders = [];

    private Contenders(string logFolder) => _processes = new ServerProcesses(logFolder);

    public IReadOnlyList<Contender> All => _contenders;

    public static Task<Contenders> StartAsync(BenchmarkStack stack, Programs programs, long stock, CancellationToken cancellationToken) =>
        ServerProcesses.AllOrNoneAsync(new Contenders(stack.LogFolder), contenders =>
            contenders.AddAllAsync(stack, programs, stock, cancellationToken)
        );

    /// <summary>Bare Kestrel and the service, without a consumer.</summary>
    public static Task<Contenders> StartPairAsync(BenchmarkStack stack, Programs programs, long stock, CancellationToken cancellationToken) =>
        ServerProcesses.AllOrNoneAsync(new Contenders(stack.LogFolder), async contenders =>
        {
            await contenders.AddBaselineAsync(BaselineServer.Bare, null, stack, stock, cancellationToken);
            await contenders.AddServiceAsync(Ours, programs, stack, BaselineServer.Bare, stock, [], cancellationToken);
        });

    private async Task AddAllAsync(BenchmarkStack stack, Programs programs, long stock, CancellationToken cancellationToken)
    {
        await stack.Redis.GetServers()[0].ScriptLoadAsync(IssueScript.Script.Text);
        await stack.CreateTopicsAsync("hand-written");
        string?[] baselines = [null, BaselineServer.Bare, BaselineServer.HandWritten, BaselineServer.HandWritten];
        string[] names = [BaselineServer.Bare, BaselineServer.HandWritten, BaselineServer.SynchronousInsert, BaselineServer.RowLock];
        foreach (var (name, baseline) in names.Zip(baselines))
            await AddBaselineAsync(name, baseline, stack, stock, cancellationToken);

        // Each has its own topics, so that only the contender with a consumer is consumed.
        await AddServiceAsync(Ours, programs, stack, BaselineServer.HandWritten, stock, [], cancellationToken);
        await AddServiceAsync("ours without outbox", programs, stack, Ours, stock, new() { ["Issuing__OutboxLimit"] = "0" }, cancellationToken);
        if (!programs.ConsumersAreThere)
            return;
        await AddServiceAsync(Consumed, programs, stack, BaselineServer.HandWritten, stock, [], cancellationToken);
        var consumer = programs.Consumers(stack.Environment(Topic(Consumed)));
        await _processes.StartAsync("consumer", consumer, cancellationToken);
    }

    private async Task AddBaselineAsync(string name, string? baseline, BenchmarkStack stack, long stock, CancellationToken cancellationToken)
    {
        var server = await _processes.StartAsync(name, Programs.Baseline(name, stack.Environment("hand-written")), cancellationToken);
        _contenders.Add(new Contender(name, server, Contender.Always(await stack.CreateCouponAsync(stock, cancellationToken)), baseline));
    }

    private async Task AddServiceAsync(
        string name,
        Programs programs,
        BenchmarkStack stack,
        string baseline,
        long stock,
        Dictionary<string, string> settings,
        CancellationToken cancellationToken
    )
    {
        await stack.CreateTopicsAsync(Topic(name));
        var environment = stack.Environment(Topic(name));
        foreach (var (key, value) in settings)
            environment[key] = value;
        var api = await _processes.StartAsync(name, programs.Api(environment), cancellationToken);
        _contenders.Add(new Contender(name, api, Contender.Always(await CouponClient.CreateAsync(api, stock, cancellationToken)), baseline));
    }

    private static string Topic(string name) => name.Replace(' ', '-');

    public ValueTask DisposeAsync() => _processes.DisposeAsync();
}
