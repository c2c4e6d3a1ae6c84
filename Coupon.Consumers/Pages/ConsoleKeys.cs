using System.Xml.Linq;
using Coupon.Hosting.Configuration;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace Coupon.Consumers.Pages;

/// <summary>
/// The keys of ASP.NET's Data Protection, in MySQL: a form of one instance may be sent to another one, and to one that was started since. They
/// protect the antiforgery tokens of forms and nothing else, so who reads them can do nothing without a session.
/// </summary>
internal sealed class ConsoleKeys : IXmlRepository
{
    // The start of the program waits for it, and a page.
    private const int PatienceSeconds = 3;

    private readonly string _connectionString;

    /// <summary>
    /// With connections of its own. The interface is synchronous, and a pooled connection that was used asynchronously waits for the thread that
    /// serves its socket; that thread may be the caller, where sockets complete inline (DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS).
    /// </summary>
    public ConsoleKeys(string connectionString) =>
        _connectionString = new MySqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            ConnectionTimeout = PatienceSeconds,
            DefaultCommandTimeout = PatienceSeconds,
        }.ConnectionString;

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = Open();
        return [.. connection.Query<string>("SELECT xml FROM console_keys").Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = Open();
        connection.Execute(
            "INSERT INTO console_keys (name, xml) VALUES (@friendlyName, @xml)",
            new { friendlyName, xml = element.ToString(SaveOptions.DisableFormatting) }
        );
    }

    private MySqlConnection Open()
    {
        var connection = new MySqlConnection(_connectionString);
        connection.Open();
        return connection;
    }
}

internal static class ConsoleKeyServices
{
    /// <summary>Adds the keys.</summary>
    public static IServiceCollection AddConsoleKeys(this IServiceCollection services)
    {
        // Whatever folder the program lies in: the name is part of what the keys are for.
        services.AddDataProtection().SetApplicationName("coupon-console");
        return services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(keys =>
            keys.XmlRepository = new ConsoleKeys(provider.GetRequiredService<IConfiguration>().GetRequiredConnectionString("MySql"))
        ));
    }
}
