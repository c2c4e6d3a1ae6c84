namespace Coupon.Consumers.Commands;

/// <summary>Shows the progress of a long operation: on a terminal in place, elsewhere as a line every five seconds.</summary>
internal sealed class ConsoleProgress(int total, TimeProvider time, TextWriter output, bool terminal) : IProgress<int>
{
    private static readonly TimeSpan _terminalInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _logInterval = TimeSpan.FromSeconds(5);

    private long _last = time.GetTimestamp();

    public static ConsoleProgress OnStandardError(int total, TimeProvider time) => new(total, time, Console.Error, !Console.IsErrorRedirected);

    public void Report(int value)
    {
        if (time.GetElapsedTime(_last) < (terminal ? _terminalInterval : _logInterval))
            return;
        _last = time.GetTimestamp();
        output.Write(terminal ? $"\r{value} of {total} " : $"{value} of {total}{Environment.NewLine}");
    }
}
