using Microsoft.Extensions.Options;

namespace Coupon.Api.Http;

/// <summary>Binds a section, checks it at start, and lets it be asked for by its own type.</summary>
internal static class ValidatedOptions
{
    public static OptionsBuilder<T> AddValidated<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
        return services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
    }
}
