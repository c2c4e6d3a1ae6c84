using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Coupon.Memory;

/// <summary>Registers what gives memory back.</summary>
public static class MemoryServices
{
    /// <summary>Adds <see cref="StartMemory"/>, with the section <c>Memory</c>.</summary>
    public static IServiceCollection AddMemory(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<MemoryOptions>().Bind(configuration.GetSection("Memory")).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton(provider => provider.GetRequiredService<IOptions<MemoryOptions>>().Value)
            .AddSingleton<StartMemory>();
    }
}
