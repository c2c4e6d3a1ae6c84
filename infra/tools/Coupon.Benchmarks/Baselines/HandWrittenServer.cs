using System.Text.Json;
using Confluent.Kafka;
using Coupon.Contracts;
using StackExchange.Redis;

namespace Coupon.Benchmarks.Baselines;

/// <summary>
/// The least that does the work: Kestrel, the same Lua script (without its outbox entry), a Confluent producer with the same settings, awaited.
/// No MassTransit, no outbox, no validation, no telemetry.
/// </summary>
internal static class HandWrittenServer
{
    public static void Map(WebApplication app)
    {
        var redis = ConnectionMultiplexer.Connect(app.Configuration.GetConnectionString("Redis")!).GetDatabase();
        var topic = app.Configuration["Topics:CouponIssued"] ?? Topics.CouponIssued;
        var producer = new ProducerBuilder<Null, byte[]>(
            new ProducerConfig
            {
                BootstrapServers = app.Configuration.GetConnectionString("Kafka"),
                Acks = Acks.All,
                EnableIdempotence = true,
                LingerMs = 1,
                CompressionType = CompressionType.Lz4,

                // As in the rider: the delivered message is not used.
                DeliveryReportFields = "none",
            }
        ).Build();

        app.MapPost("/coupons/{couponId:long}/issuances", async (long couponId, IssuanceRequest request) =>
        {
            var (ordinal, issuedAt) = await IssueScript.TakeSeatAsync(redis, couponId, request.UserId);
            var message = new CouponIssued(couponId, ordinal, request.UserId, issuedAt);
            var value = JsonSerializer.SerializeToUtf8Bytes(message, WireJson.Default.CouponIssued);
            await producer.ProduceAsync(topic, new Message<Null, byte[]> { Value = value });
            return Accepted.Answer(couponId, request.UserId, ordinal, issuedAt);
        });
    }
}
