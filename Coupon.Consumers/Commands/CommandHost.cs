namespace Coupon.Consumers.Commands;

/// <summary>
/// The host of a command, with the settings that lie beside the program, whatever folder it is called from. Commands and process share them.
/// </summary>
internal static class CommandHost
{
    public static HostApplicationBuilder CreateBuilder() =>
        Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
}
