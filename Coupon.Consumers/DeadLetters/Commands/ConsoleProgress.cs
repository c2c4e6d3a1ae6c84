namespace Coupon.Consumers.DeadLetters.Commands;

/// <summary>Says on standard error how far a long operation is: on a terminal in place, elsewhere a line now and then.</summary>
internal sealed class ConsoleProgress(int total, TimeProvider time) : IProgress<int>
{
    private static readonly TimeSpan _terminalInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _logInterval = TimeSpan.FromSeconds(5);

    private long _last = time.GetTimestamp();

    public void Report(int value)
    {
        var terminal = !Console.IsErrorRedirected;
        if (time.GetElapsedTime(_last) < (terminal ? _terminalInterval : _logInterval))
            return;
        _last = time.GetTimestamp();
        Console.Error.Write(terminal ? $"\r{value} of {total} " : $"{value} of {total}{Environment.NewLine}");
    }
}
