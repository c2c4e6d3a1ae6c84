using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Coupon.LocalServers;

/// <summary>
/// Which engine the client <c>docker</c> talks to: that of <c>DOCKER_HOST</c>, that of the context in use, that at the usual socket, or a rootless
/// one. A context is a file (https://docs.docker.com/engine/manage-resources/contexts/): Docker Desktop and rootless engines are found by it.
/// </summary>
internal static class DockerContext
{
    private static readonly Uri _usual = new("unix:///var/run/docker.sock");

    /// <summary>The address; null: a context is in use that cannot be read.</summary>
    public static Uri? Endpoint()
    {
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host)
            return AddressOf(host);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder = Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } given ? given : Path.Combine(home, ".docker");
        try
        {
            if (NameIn(folder) is { Length: > 0 } name && name != "default")
                return AddressOf(HostOf(folder, name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException)
        {
            return null;
        }

        return File.Exists(_usual.AbsolutePath) ? _usual : Rootless() ?? _usual;
    }

    private static string? NameIn(string folder)
    {
        if (Environment.GetEnvironmentVariable("DOCKER_CONTEXT") is { Length: > 0 } name)
            return name;
        var file = Path.Combine(folder, "config.json");
        if (!File.Exists(file))
            return null;
        using var settings = JsonDocument.Parse(File.ReadAllBytes(file));
        return settings.RootElement.TryGetProperty("currentContext", out var current) ? current.GetString() : null;
    }

    private static string HostOf(string folder, string name)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        using var context = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "contexts", "meta", digest, "meta.json")));
        return context.RootElement.GetProperty("Endpoints").GetProperty("docker").GetProperty("Host").GetString() ?? "";
    }

    private static Uri? Rootless() =>
        Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "docker.sock"))
            ? AddressOf($"unix://{folder}/docker.sock")
            : null;

    private static Uri? AddressOf(string host) => Uri.TryCreate(host, UriKind.Absolute, out var address) ? address : null;
}
