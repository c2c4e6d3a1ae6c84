using System.Runtime;
using Coupon.Api.Messaging;
using Coupon.Stock;
using Microsoft.AspNetCore.Hosting.Server.Features;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace Coupon.Api.Rehearsing;

/// <summary>
/// Plays the whole path before the instance says that it is ready: HTTP over loopback, the script in Redis, the producer, the outbox. A sale
/// begins in one second, and code that is compiled in that second costs several times what it costs afterwards. Round after round is played until the
/// compiler has hardly anything left to do.
/// </summary>
internal sealed class Rehearsal(
    IServer server,
    IHostApplicationLifetime lifetime,
    IStockFence fence,
    IssuanceProducer producer,
    RehearsalRound round,
    ProducerOptions producerOptions,
    RehearsalOptions options,
    TimeProvider time,
    ILogger<Rehearsal> logger
) : BackgroundService
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    /// <summary>It was played, or could not be.</summary>
    public bool IsOver { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (options.Requests > 0)
                await WaitAndPlayAsync(stoppingToken);
        }
#pragma warning disable CA1031 // A rehearsal that fails makes the first requests slower, and is no reason not to serve them.
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.RehearsalFailed(logger, exception.Message);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (options.Requests > 0)
            CollectGarbage();
        IsOver = true;
    }

    // The garbage of the start and of the rehearsal, before the first sale. Aggressive also returns the freed memory to the kernel:
    // https://learn.microsoft.com/dotnet/api/system.gccollectionmode
    private static void CollectGarbage() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private async Task WaitAndPlayAsync(CancellationToken stoppingToken)
    {
        while (!fence.IsOpen || !lifetime.ApplicationStarted.IsCancellationRequested)
            await Task.Delay(_pause, time, stoppingToken);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        bounded.CancelAfter(options.Bound);
        var began = time.GetTimestamp();
        await using var broker = await RehearsalBroker.StartAsync(producerOptions.ToConfig(), bounded.Token);
        producer.Rehearse(broker.Producer);
        try
        {
            var rounds = await PlayUntilWarmAsync(OwnAddress(), bounded.Token);
            Log.Rehearsed(logger, rounds, options.Requests, time.GetElapsedTime(began).TotalSeconds);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            Log.RehearsalCutShort(logger, options.Bound.TotalSeconds);
        }
        finally
        {
            producer.Rehearse(null);
        }
    }

    private async Task<int> PlayUntilWarmAsync(Uri server, CancellationToken cancellationToken)
    {
        for (var rounds = 1; ; rounds++)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            await round.PlayAsync(server, cancellationToken);
            if (JitInfo.GetCompiledMethodCount() - compiled <= options.SettledMethods)
                return rounds;
        }
    }

    // An address that listens on every interface is asked over loopback.
    private Uri OwnAddress()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var plain = addresses.FirstOrDefault(address => address.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidOperationException("There is no plain HTTP address to rehearse on.");
        var address = BindingAddress.Parse(plain);
        return new UriBuilder("http", address.Host is "localhost" ? address.Host : "127.0.0.1", address.Port).Uri;
    }
}
