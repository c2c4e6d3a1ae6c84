namespace Coupon.Sale.Deployment;

/// <summary>Settings, as environment variables, that a program of ours starts a process of the service with.</summary>
internal static class LoadSettings
{
    /// <summary>The load is all of the users: it says who each is, from one address.</summary>
    public static IReadOnlyDictionary<string, string> OneClientIsEveryUser { get; } =
        new Dictionary<string, string>
        {
            ["Auth__AllowAnonymous"] = "true",
            ["Limits__RequestsOfAddress"] = "0",
            ["Limits__PressesOfUser"] = "0",
        };

    /// <summary>Nothing beside.</summary>
    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    /// <summary>A page of another address may press and follow.</summary>
    public static IReadOnlyDictionary<string, string> Page(Uri address) =>
        new Dictionary<string, string> { ["Cors__Origins"] = address.GetLeftPart(UriPartial.Authority) };

    /// <summary>
    /// infra/run has sockets complete inline for the load alone: in a program of the service, one continuation that blocks would stop all its
    /// sockets.
    /// </summary>
    public static IReadOnlyDictionary<string, string> NoInlineCompletions { get; } =
        new Dictionary<string, string> { ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "0" };

    /// <summary>The addresses of both doors, and the key to the operators' one.</summary>
    public static IReadOnlyDictionary<string, string> Doors(Uri url, Uri operatorsUrl) =>
        new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = url.ToString().TrimEnd('/'),
            ["Operators__Url"] = operatorsUrl.ToString().TrimEnd('/'),
            ["Operators__Key"] = ServiceProcess.OperatorKey,
        };

    /// <summary>Adds them to others, and goes before these.</summary>
    public static Dictionary<string, string> With(
        this IReadOnlyDictionary<string, string> settings,
        params IEnumerable<IReadOnlyDictionary<string, string>> more
    )
    {
        var all = new Dictionary<string, string>(settings);
        foreach (var (name, value) in more.SelectMany(some => some))
            all[name] = value;
        return all;
    }
}
