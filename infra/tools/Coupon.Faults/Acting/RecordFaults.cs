using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Coupon.Contracts;
using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using MySqlConnector;

namespace Coupon.Faults.Acting;

/// <summary>Records of somebody else in the topic of issuances.</summary>
internal sealed class RecordFaults(FaultyService service, RecordsInMySql database, long couponId, Bystander bystander, History history) : IFaultMaker
{
    private static readonly TimeSpan _apart = TimeSpan.FromSeconds(1);

    // Nobody of the crowd.
    private const long Stranger = 9_000_000_000;

    public bool Makes(FaultKind kind) => kind is FaultKind.PoisonRecords or FaultKind.ForgedRecords;

    public async Task BeginAsync(Fault fault, CancellationToken cancellationToken)
    {
        var config = new ProducerConfig { BootstrapServers = service.Servers.KafkaAddress, MessageTimeoutMs = 20_000 };
        using var producer = new ProducerBuilder<Null, byte[]?>(config).Build();
        if (fault.Kind == FaultKind.PoisonRecords)
        {
            foreach (var poison in new[] { "not JSON"u8.ToArray(), [], "{\"couponId\":1}"u8.ToArray() })
                await SendAsync(producer, poison, "undecodable");
            return;
        }

        // A second seat of somebody who has one, under an ordinal that nobody has.
        await SendAsync(producer, Message(bystander.CouponId, 1 + fault.Number, Bystander.UserId), "user-already-issued");

        // In a batch of its own: one that has failed already is written with more care.
        await Task.Delay(_apart, TimeProvider.System, cancellationToken);

        // A seat that has its row: what claims it later is refused, whichever of the two is in Kafka first.
        var rows = await RowsAsync(cancellationToken);
        if (rows.Count == 0)
        {
            history.Say("there is no row whose seat could be claimed");
            return;
        }

        var victim = rows[(int)(fault.Strength * (rows.Count - 1))];
        await SendAsync(producer, Message(couponId, victim.Ordinal, Stranger + fault.Number), "ordinal-taken");

        // The same issuance again, as the replay of an entry that is not its own: nothing comes of it.
        var headers = new Headers
        {
            { DeadLetterHeaders.LedgerId, "1"u8.ToArray() },
            { DeadLetterHeaders.LedgerOrigin, Encoding.UTF8.GetBytes($"{service.CouponIssuedTopic}/0@0") },
            { DeadLetterHeaders.ReplayCount, "3"u8.ToArray() },
        };
        await SendAsync(producer, Message(couponId, victim.Ordinal, victim.UserId), cause: null, headers);
    }

    public Task EndAsync(Fault fault, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<IReadOnlyList<SeatRow>> RowsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await database.ReadAsync(cancellationToken)).Rows;
        }
        catch (MySqlException)
        {
            return [];
        }
    }

    private async Task SendAsync(IProducer<Null, byte[]?> producer, byte[]? value, string? cause, Headers? headers = null)
    {
        var sent = await producer.ProduceAsync(service.CouponIssuedTopic, new Message<Null, byte[]?> { Value = value, Headers = headers });
        history.Say($"a record of somebody else is at partition {sent.Partition.Value}, offset {sent.Offset.Value}: {cause ?? "a copy"}");
        if (cause is not null)
            history.Strange.Enqueue(new StrangeRecord(history.Now, sent.Partition.Value, sent.Offset.Value, cause));
    }

    private static byte[] Message(long coupon, long ordinal, long user) =>
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"couponId":{{coupon}},"ordinal":{{ordinal}},"userId":{{user}},"issuedAt":"2026-01-01T00:00:00.000+00:00"}"""
            )
        );
}
