using System.Diagnostics;

namespace Coupon.LocalServers;

/// <summary>Which of MySQL and MariaDB this machine has, and where the two differ.</summary>
internal sealed class MySqlProgram(string server, string version)
{
    /// <summary>Both refuse to run as root unless they are told to.</summary>
    public static string[] AsRoot => Environment.IsPrivilegedProcess ? ["--user=root"] : [];

    /// <summary>The path of the server.</summary>
    public string Server => server;

    /// <summary>Name and version, for people.</summary>
    public string Version { get; } = Short(version);

    private bool IsMariaDb { get; } = version.Contains("MariaDB", StringComparison.Ordinal);

    public static MySqlProgram? Find()
    {
        var path = ProgramFile.FindBelow("MYSQL_HOME", "bin/mysqld") ?? ProgramFile.Find("mysqld") ?? ProgramFile.Find("mariadbd");
        return path is null ? null : new MySqlProgram(path, AskVersion(path));
    }

    /// <summary>Every one needs a folder for temporary tables that is its own: MariaDB deletes those of its neighbours when it starts.</summary>
    public ChildCommand Initialise(string dataFolder, string temporaryFolder)
    {
        string[] common = ["--no-defaults", .. AsRoot, $"--datadir={dataFolder}", $"--tmpdir={temporaryFolder}"];
        return IsMariaDb
            ? new ChildCommand(Installer(), [.. common, "--auth-root-authentication-method=normal", "--skip-test-db"])
            : new ChildCommand(server, [.. common, "--initialize-insecure"]);
    }

    public string[] ServerArguments(int redoLogMegabytes) =>
        IsMariaDb
            ? [$"--innodb-log-file-size={redoLogMegabytes}M"]
            : [$"--innodb-redo-log-capacity={redoLogMegabytes}M", "--mysqlx=OFF", "--skip-log-bin", "--local-infile=ON"];

    private static string Installer() =>
        ProgramFile.Find("mariadb-install-db") ?? throw new InvalidOperationException("mariadbd is here, but mariadb-install-db is not on the PATH.");

    private static string AskVersion(string path)
    {
        using var process = Process.Start(
            new ProcessStartInfo(path, ["--no-defaults", "--version"]) { RedirectStandardOutput = true, RedirectStandardError = true }
        );
        return process?.StandardOutput.ReadToEnd() ?? "";
    }

    // "… Ver 10.11.14-MariaDB-0+deb12u2 for …" and "… Ver 9.7.4 for …".
    private static string Short(string version)
    {
        var words = version.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var number = words.SkipWhile(word => word != "Ver").Skip(1).FirstOrDefault() ?? "of unknown version";
        return version.Contains("MariaDB", StringComparison.Ordinal) ? $"MariaDB {number.Split('-')[0]}" : $"MySQL {number}";
    }
}
