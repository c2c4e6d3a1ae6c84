using Coupon.Faults.Acting;
using Coupon.Faults.Checks;
using Coupon.Faults.Clients;
using Coupon.Faults.Histories;
using Coupon.Faults.Protections;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;

namespace Coupon.Faults.Runs;

/// <summary>One sale with the faults of a schedule, from the start of the processes to the checks.</summary>
internal sealed class FaultRun
{
    private const int PressesPerSecond = 60;
    private const int AskedAgain = 200;
    private static readonly TimeSpan _least = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan _afterwards = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(250);

    private readonly Schedule _schedule;
    private readonly FaultyService _service;
    private readonly History _history;
    private readonly long _couponId;
    private readonly RecordsInMySql _database;
    private readonly BalanceWatch _balances;
    private readonly HealthWatch _health;
    private readonly ProcessFaults _processes;
    private readonly IReadOnlyList<IFaultMaker> _makers;

    private FaultRun(Schedule schedule, FaultyService service, Operators operators, long couponId)
    {
        (_schedule, _service, _couponId) = (schedule, service, couponId);
        _history = new History(TimeProvider.System);
        _database = new RecordsInMySql(service.Database, couponId, service.CouponIssuedTopic);
        _balances = new BalanceWatch(service, operators, _database, couponId, _history);
        _health = new HealthWatch(service, operators, _history);
        _processes = new ProcessFaults(service, operators.Http, _history);
        _makers =
        [
            _processes,
            new LinkFaults(service),
            new RedisFaults(service.Redis),
            new KafkaFaults(service.Servers.Kafka),
            new MySqlFaults(service.Servers.MySql),
            new RecordFaults(service, _database, couponId, _history),
            new OperatorCalls(service, operators, couponId, _history),
        ];
    }

    /// <summary>Holds the sale. Its processes are gone when this returns; Kafka and MySQL are as they were.</summary>
    /// <param name="servers">The servers.</param>
    /// <param name="schedule">What happens; nothing that the servers cannot have.</param>
    /// <param name="without">The protection that is switched off; null: none.</param>
    /// <param name="logFolder">Where the logs of the processes go.</param>
    /// <param name="cancellationToken">Ends everything.</param>
    public static async Task<RunResult> HoldAsync(
        FaultServers servers,
        Schedule schedule,
        Protection? without,
        string logFolder,
        CancellationToken cancellationToken
    )
    {
        using var operators = new Operators();
        await using var service = await FaultyService.StartAsync(servers, without, operators.Http, logFolder, cancellationToken);
        var coupon = await operators.CreateCouponAsync(service.Processes[Names.Apis[0]], schedule.Stock, cancellationToken);
        return await new FaultRun(schedule, service, operators, coupon).HoldAsync(cancellationToken);
    }

    private async Task<RunResult> HoldAsync(CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var crowd = new Crowd([.. Names.Apis.Select(api => (api, _service.Processes[api].Url))], _couponId, _schedule.Seed, _history);
        var logs = Names.Processes.ToDictionary(name => name, name => new LogWatch(name, _service.Processes[name].LogFile, _history));
        List<Task> watches = [_balances.WatchAsync(enough.Token), _health.WatchAsync(enough.Token)];
        List<Task> following = [.. logs.Values.Select(log => log.WatchAsync(closing.Token))];
        var coming = crowd.ComeAsync(PressesPerSecond, enough.Token);

        await Task.WhenAll(_schedule.Faults.Select(fault => ActAsync(fault, cancellationToken)));
        _service.MendLinks();
        var healed = _history.Now;
        _history.Say("every fault is over");
        await Task.Delay(_afterwards > _least - healed ? _afterwards : _least - healed, TimeProvider.System, cancellationToken);
        var last = await RecoverAsync(healed, cancellationToken);
        await enough.CancelAsync();
        await coming;
        await Task.WhenAll(watches);

        // Those who came last are on their way too.
        var drained = last is null ? null : await DrainAsync(cancellationToken);
        await crowd.AskAgainAsync(AskedAgain);
        var (rows, letters, forgotten, total) = await _database.ReadAsync(cancellationToken);
        await Task.WhenAll(Names.Processes.Where(name => !_service.Processes[name].HasExited).Select(_processes.StopAsync));
        await closing.CancelAsync();
        await Task.WhenAll(following);

        var outcome = new Outcome
        {
            Rows = rows,
            Letters = letters,
            Forgotten = forgotten,
            Total = total,
            Balance = drained,
            Recovery = drained is null ? null : last - healed,
            LogSizes = logs.ToDictionary(log => log.Key, log => log.Value.Size),
            Length = _history.Now,
        };
        var told = RunCheck.Told(_history);
        return new RunResult(_schedule, _history, told, outcome, RunCheck.Find(_history, told, outcome));
    }

    private async Task ActAsync(Fault fault, CancellationToken cancellationToken)
    {
        var maker = _makers.Single(each => each.Makes(fault.Kind));
        var wait = fault.Start - _history.Now;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, TimeProvider.System, cancellationToken);
        var begin = _history.Now;
        _history.Say($"FAULT {fault} begins");
        await maker.BeginAsync(fault, cancellationToken);
        if (fault.Duration > TimeSpan.Zero)
            await Task.Delay(fault.Duration, TimeProvider.System, cancellationToken);
        await maker.EndAsync(fault, cancellationToken);
        _history.Say($"FAULT {fault} is over");
        _history.Faults.Enqueue(new FaultSpan(fault.Kind, fault.Target, begin, _history.Now));
    }

    /// <summary>Waits until every process is ready and somebody is served; returns when that was, or null where it does not come to that.</summary>
    private async Task<TimeSpan?> RecoverAsync(TimeSpan healed, CancellationToken cancellationToken)
    {
        while (_history.Now - healed < _patience)
        {
            var readings = await Task.WhenAll(Names.Processes.Select(process => _health.ReadAsync(process, cancellationToken)));
            if (readings.All(reading => reading.Status == 200))
            {
                // The watches have seen it earlier, twice a second.
                var ready = Names.Processes.Max(process => ReadySince(process));
                var served = _history
                    .Answers.Where(answer => answer.IsService && answer.Sent >= healed)
                    .Select(answer => answer.Received)
                    .DefaultIfEmpty(_history.Now)
                    .Min();
                return new[] { healed, ready, served }.Max();
            }

            await Task.Delay(_poll, TimeProvider.System, cancellationToken);
        }

        return null;
    }

    private TimeSpan ReadySince(string process)
    {
        var readings = _history.Health.Where(reading => reading.Process == process).OrderBy(reading => reading.At).ToList();
        var lastNotReady = readings.FindLastIndex(reading => reading.Status != 200);
        return lastNotReady + 1 < readings.Count ? readings[lastNotReady + 1].At : _history.Now;
    }

    private async Task<BalanceReading?> DrainAsync(CancellationToken cancellationToken)
    {
        var began = _history.Now;
        BalanceReading? last = null;
        while (_history.Now - began < _patience)
        {
            foreach (var instance in Names.Apis)
            {
                last = await _balances.TryReadAsync(instance, cancellationToken) ?? last;
                if (last is { AddsUp: true, OnTheWay: 0 })
                    return last;
            }

            await Task.Delay(_poll, TimeProvider.System, cancellationToken);
        }

        return last;
    }
}
