namespace Coupon.Consumers;

/// <summary>
/// The host of a command: with the settings that lie beside the program, wherever it is called from. Those of the process itself are there too.
/// </summary>
internal static class CommandHost
{
    public static HostApplicationBuilder CreateBuilder() =>
        Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
}
