namespace Coupon.Database;

/// <summary>Which servers enforce what the schema says. Older ones take a CHECK or an expression as a default and ignore it, or refuse it.</summary>
internal static class ServerVersions
{
    private static readonly Version _oldestMySql = new(8, 0, 16);
    private static readonly Version _oldestMariaDb = new(10, 11);

    /// <param name="version">As <c>VERSION()</c> says it: 8.0.36, 10.11.6-MariaDB-0+deb12u1, or 5.5.5-10.11.6-MariaDB behind some proxies.</param>
    /// <exception cref="UnsuitableServerException">It is too old.</exception>
    public static void Check(string version)
    {
        var isMariaDb = version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        var number = isMariaDb && version.StartsWith("5.5.5-", StringComparison.Ordinal) ? version["5.5.5-".Length..] : version;
        var oldest = isMariaDb ? _oldestMariaDb : _oldestMySql;

        // What cannot be read is some build of a provider's own: it is taken for what it says that it is compatible with.
        var digits = string.Concat(number.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.')).TrimEnd('.');
        if (!Version.TryParse(digits, out var found) || found >= oldest)
            return;
        throw new UnsuitableServerException($"{(isMariaDb ? "MariaDB" : "MySQL")} {found} is too old: {oldest} or later is needed.");
    }
}
