using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>Handles one message after the other, as a test says.</summary>
public sealed class SeatConsumer(SeatLog log, SeatScope scope, SeatConsumer.Behaviour? behaviour = null) : IConsumer<Seat>
{
    public async Task Consume(ConsumeContext<Seat> context)
    {
        scope.Uses++;
        log.Scopes.Enqueue(scope);
        if (behaviour is not null)
            await behaviour(context);
        log.Add(context.Message.Number);
    }

    /// <summary>Runs before the message counts as handled; may throw.</summary>
    public delegate Task Behaviour(ConsumeContext<Seat> context);
}

/// <summary>A scoped service: each message has its own.</summary>
public sealed class SeatScope : IDisposable
{
    public int Uses { get; set; }

    public bool IsDisposed { get; private set; }

    public void Dispose() => IsDisposed = true;
}
