using System.Text.Json;
using Confluent.Kafka;
using Coupon.Contracts;
using JasperFx.CodeGeneration;
using MySqlConnector;
using Wolverine;
using Wolverine.Kafka;
using Wolverine.Transports;

namespace Coupon.Benchmarks.Baselines;

/// <summary>
/// Wolverine with its Kafka transport and the same batch write: batches gathered in memory, of the size and the number that the settings of
/// Coupon.Consumers say, a handler registered by hand so that nothing is compiled at run time, offsets stored and committed in the background (its
/// default). It keeps no dead letters and no ledger here: it does less than Coupon.Consumers.
/// </summary>
internal static class WolverineConsumer
{
    public static void Configure(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        builder.Host.UseWolverine(options =>
        {
            options.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
            options.Discovery.DisableConventionalDiscovery();
            options.AddMessageHandler(new WolverineBatchHandler(new MySqlDataSource(configuration.GetConnectionString("MySql")!)));
            options
                .BatchMessagesOf<CouponIssued>(batching =>
                {
                    batching.BatchSize = configuration.GetValue<int>("Batch:MessageLimit");
                    batching.TriggerTime = TimeSpan.FromMilliseconds(50);
                })
                .MaximumParallelMessages(configuration.GetValue<int>("Batch:Concurrency"));
            options
                .UseKafka(configuration.GetConnectionString("Kafka")!)
                .ConfigureConsumers(consumer =>
                {
                    consumer.GroupId = configuration["ConsumerGroups:Persistence"];
                    consumer.AutoOffsetReset = AutoOffsetReset.Earliest;
                });
#pragma warning disable CA2263 // The generic overload has been seen to forget the options.
            options
                .ListenToKafkaTopic(configuration["Topics:CouponIssued"]!)
                .ReceiveRawJson(typeof(CouponIssued), new JsonSerializerOptions(JsonSerializerDefaults.Web))
                .BufferedInMemory(new BufferingLimits(200_000, 100_000));
#pragma warning restore CA2263
        });
    }
}
