namespace Coupon.Hosting.Configuration;

/// <summary>A section of the settings that a program reads; docs/settings.md is made of them.</summary>
/// <param name="Name">The section; empty: its settings have none.</param>
/// <param name="Options">The options that it is bound to. Each property that can be set is a setting.</param>
public sealed record SettingsSection(string Name, Type Options);
