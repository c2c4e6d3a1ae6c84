using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Coupon.Hosting.Configuration;

/// <summary>The one way in which options are registered.</summary>
public static class ValidatedOptions
{
    /// <summary>
    /// Binds a section to options, validates their data annotations when the program starts, and registers the options by their own type: services
    /// ask for <typeparamref name="T"/>, not for <see cref="IOptions{T}"/>.
    /// </summary>
    /// <typeparam name="T">The options, with defaults.</typeparam>
    /// <param name="services">Where to register. An <c>IConfiguration</c> must be registered too, as every host does.</param>
    /// <param name="section">The section of the configuration.</param>
    /// <returns>For further rules, and for what the section does not hold.</returns>
    public static OptionsBuilder<T> AddValidated<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton(new SettingsSection(section, typeof(T)));
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
        return services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
    }
}
