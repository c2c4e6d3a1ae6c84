using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace Coupon.Tests.Deployment;

/// <summary>A source of settings that remembers which of them a program has asked for by name.</summary>
internal sealed class RecordedSettings : ConfigurationProvider, IConfigurationSource
{
    private readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="settings">With colons.</param>
    public RecordedSettings(IReadOnlyDictionary<string, string> settings) =>
        Data = settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings that nobody has asked for: no program knows them.</summary>
    public IEnumerable<string> Unknown => Data.Keys.Where(name => !_asked.ContainsKey(name)).Order(StringComparer.Ordinal);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override bool TryGet(string key, out string? value)
    {
        _asked[key] = true;
        return base.TryGet(key, out value);
    }
}
