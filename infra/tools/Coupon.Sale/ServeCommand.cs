using System.ComponentModel;
using System.Diagnostics;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Spectre.Console;

namespace Coupon.Sale;

/// <summary>Runs the service while another program runs against it: <c>serve -- k6 run script.js</c>.</summary>
internal static class ServeCommand
{
    /// <returns>The exit code of the program.</returns>
    public static Task<int> RunAsync(int instances, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        Session.RunAsync(
            instances,
            async service =>
            {
                var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
                start.Environment["BASE_URL"] = string.Join(',', service.Instances.Select(instance => instance.Url.ToString().TrimEnd('/')));
                start.Environment["OPERATORS_URL"] = service.Instances[0].OperatorsUrl.ToString().TrimEnd('/');
                start.Environment["OPERATOR_KEY"] = ServiceProcess.OperatorKey;
                try
                {
                    using var process = Process.Start(start)!;
                    using var passedOn = Termination.PassOnTo(process);

                    // Ctrl-C also reaches the program, which shares the terminal. This process waits until the program has ended by itself.
                    await process.WaitForExitAsync(CancellationToken.None);
                    return process.ExitCode;
                }
                catch (Win32Exception exception)
                {
                    AnsiConsole.MarkupLineInterpolated($"[red]{command[0]} cannot be started: {exception.Message}[/]");
                    return Session.Bad;
                }
            },
            LoadSettings.None,
            cancellationToken
        );
}
