using Coupon.Database;
using Coupon.Stock;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Migrations;

internal static class MigrationServices
{
    /// <param name="builder">The host.</param>
    /// <param name="waitFor">From the command line; null: as configured.</param>
    public static void AddMigrations(this IHostApplicationBuilder builder, TimeSpan? waitFor)
    {
        var services = builder.Services;
        services
            .AddOptions<MigrationOptions>()
            .Bind(builder.Configuration.GetSection("Kafka"))
            .Bind(builder.Configuration.GetSection("Migrate"))
            .Configure(options => options.WaitFor = waitFor ?? options.WaitFor)
            .ValidateDataAnnotations();
        services.AddNames(builder.Configuration);
        services.AddCouponDatabase(builder.Configuration.RequiredConnectionString("MySql"));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SchemaMigration>();
        services.AddSingleton(provider => new TopicCreation(
            KafkaClient.Configuration(builder.Configuration, Names.KafkaClientId),
            provider.GetRequiredService<IOptions<TopicNames>>().Value,
            provider.GetRequiredService<IOptions<MigrationOptions>>()
        ));
        services.AddSingleton<Migrator>();
    }
}
