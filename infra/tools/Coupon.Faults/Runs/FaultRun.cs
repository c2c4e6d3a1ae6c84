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
    private readonly CouponDeletions _deletions;
    private readonly CancellationTokenSource _enough;
    private readonly Turns _turns = new();
    private readonly IReadOnlyList<IFaultMaker> _makers;

    private FaultRun(
        Schedule schedule,
        FaultyService service,
        Operators operators,
        long couponId,
        Bystander bystander,
        CancellationTokenSource enough
    )
    {
        (_schedule, _service, _couponId, _enough) = (schedule, service, couponId, enough);
        _history = new History(TimeProvider.System, schedule.Stack);
        _database = new RecordsInMySql(() => service.Database, couponId, service.CouponIssuedTopic);
        _balances = new BalanceWatch(service, operators, _database, couponId, _history);
        _health = new HealthWatch(service, operators, _history);
        _processes = new ProcessFaults(service, operators.Http, _history);
        _deletions = new CouponDeletions(service, operators, _history, enough.Token);
        _makers =
        [
            _processes,
            new LinkFaults(service),
            new RedisFaults(service.Redis),
            new RedisFailovers(service.Redis),
            new KafkaFaults(service.Servers.Kafka),
            new TopicFaults(service),
            new MySqlFaults(service),
            new MySqlContention(service, couponId),
            new RecordFaults(service, _database, couponId, bystander, _history),
            new OperatorCalls(service, operators, couponId, _history),
            _deletions,
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
        await using var service = await FaultyService.StartAsync(servers, schedule, without, operators.Http, logFolder, cancellationToken);
        var coupon = await operators.CreateCouponAsync(service.Processes[Names.Apis[0]], schedule.Stock, cancellationToken);
        await service.Redis.AimAtAsync(coupon);
        var bystander = await Bystander.CreateAsync(service, operators, cancellationToken);
        await servers.MySql.CatchUpAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return await new FaultRun(schedule, service, operators, coupon, bystander, enough).HoldAsync(cancellationToken);
    }

    private async Task<RunResult> HoldAsync(CancellationToken cancellationToken)
    {
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var crowd = new Crowd(() => _service.Doors, _couponId, _schedule.Seed, _history);
        var logs = Names.Processes.ToDictionary(name => name, name => new LogWatch(name, _service.Processes[name].LogFile, _history));
        List<Task> watches = [_balances.WatchAsync(_enough.Token), _health.WatchAsync(_enough.Token)];
        List<Task> following = [.. logs.Values.Select(log => log.WatchAsync(closing.Token))];
        var coming = crowd.ComeAsync(PressesPerSecond, _enough.Token);

        await Task.WhenAll(_schedule.Faults.Select(fault => ActAsync(fault, cancellationToken)));
        _service.MendLinks();
        var healed = _history.Now;
        _history.Say("every fault is over");
        await Task.Delay(_afterwards > _least - healed ? _afterwards : _least - healed, TimeProvider.System, cancellationToken);
        var last = await RecoverAsync(healed, cancellationToken);
        await _enough.CancelAsync();
        await coming;
        await Task.WhenAll([.. watches, _deletions.EndPressingAsync()]);

        // Those who came last are on their way too.
        var drained = last is null ? null : await DrainAsync(cancellationToken);
        await crowd.AskAgainAsync(AskedAgain);
        var (rows, letters, forgotten, total) = await _database.ReadAsync(cancellationToken);
        var twoRows = await _database.UsersWithTwoRowsAsync();
        var cameBack = await _database.ThereAsync(_history.Deletions.Select(deletion => deletion.CouponId));
        await Task.WhenAll(Names.Processes.Where(name => !_service.Processes[name].HasExited).Select(_processes.StopAsync));
        await closing.CancelAsync();
        await Task.WhenAll(following);

        var outcome = new Outcome
        {
            Rows = rows,
            Letters = letters,
            Forgotten = forgotten,
            Total = total,
            TwoRowsOfOthers = [.. twoRows.Where(found => found.CouponId != _couponId)],
            CameBack = cameBack,
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

        // A start or a failover may take longer than it was drawn for.
        using var turn = await _turns.TakeAsync(fault.Target, cancellationToken);
        var begin = _history.Now;
        _history.Say($"FAULT {fault} begins");
        await maker.BeginAsync(fault, cancellationToken);
        if (fault.Duration > TimeSpan.Zero)
            await Task.Delay(fault.Duration, TimeProvider.System, cancellationToken);
        var endBegan = _history.Now;
        await maker.EndAsync(fault, cancellationToken);
        _history.Say($"FAULT {fault} is over");
        _history.Faults.Enqueue(new FaultSpan(fault.Kind, fault.Target, begin, _history.Now) { EndBegan = endBegan });
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
                if (last is { AddsUp: true, OnTheWay: 0 } && !await _database.HasReplayedLettersAsync(cancellationToken))
                    return last;
            }

            await Task.Delay(_poll, TimeProvider.System, cancellationToken);
        }

        return last;
    }
}
