using Coupon.Consumers.Pages;
using Coupon.Consumers.Records;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Clients;
using Coupon.Hosting.Configuration;

namespace Coupon.Consumers.Migrations;

internal static class MigrationServices
{
    /// <param name="services">Where to register.</param>
    /// <param name="configuration">The settings of the program.</param>
    /// <param name="waitFor">From the command line; null: as configured.</param>
    public static IServiceCollection AddMigrations(this IServiceCollection services, IConfiguration configuration, TimeSpan? waitFor)
    {
        services.AddValidated<NewTopicOptions>("Kafka");
        services.AddValidated<MigrationOptions>("Migrate").Configure(options => options.WaitFor = waitFor ?? options.WaitFor);
        return services
            .AddSingleton(TimeProvider.System)
            .AddKafkaNames()
            .AddCouponDatabase(configuration.GetRequiredConnectionString("MySql"))
            .AddSingleton(KafkaClient.Configuration(configuration, KafkaSettings.ClientId))
            .AddSingleton<SchemaMigration>()
            .AddActionRecords()
            .AddConsoleKeys()
            .AddSingleton<TopicCreation>()
            .AddSingleton<Migrator>();
    }
}
