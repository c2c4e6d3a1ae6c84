using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit;

/// <summary>The producers of a test harness, in its scope.</summary>
public static class KafkaTestHarnessExtensions
{
    /// <summary>The producer of a message that has no key, or whose key a resolver finds.</summary>
    /// <param name="harness">The harness; its bus has been started.</param>
    /// <typeparam name="T">Type of the message.</typeparam>
    public static ITopicProducer<T> GetProducer<T>(this ITestHarness harness)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(harness);
        return harness.Scope.ServiceProvider.GetRequiredService<ITopicProducer<T>>();
    }

    /// <summary>The producer of a message with a key.</summary>
    /// <param name="harness">The harness; its bus has been started.</param>
    /// <typeparam name="TKey">Type of the key.</typeparam>
    /// <typeparam name="T">Type of the message.</typeparam>
    public static ITopicProducer<TKey, T> GetProducer<TKey, T>(this ITestHarness harness)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(harness);
        return harness.Scope.ServiceProvider.GetRequiredService<ITopicProducer<TKey, T>>();
    }
}
