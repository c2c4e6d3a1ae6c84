namespace Coupon.Consumers.DeadLetters.Commands;

/// <summary>Says on standard error how far a long operation is: on a terminal in place, elsewhere a line now and then.</summary>
internal sealed class ConsoleProgress(int total, TimeProvider time, TextWriter words, bool terminal) : IProgress<int>
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
        words.Write(terminal ? $"\r{value} of {total} " : $"{value} of {total}{Environment.NewLine}");
    }
}
