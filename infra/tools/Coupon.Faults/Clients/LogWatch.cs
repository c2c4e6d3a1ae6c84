using System.Text;
using Coupon.Faults.Histories;

namespace Coupon.Faults.Clients;

/// <summary>Follows the log of a process, so that its lines have the times of the run.</summary>
internal sealed class LogWatch(string process, string file, History history)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The bytes that were written since the watch began.</summary>
    public long Size { get; private set; }

    /// <summary>Until cancelled.</summary>
    public async Task WatchAsync(CancellationToken enough)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var began = stream.Seek(0, SeekOrigin.End);
        var text = new StringBuilder();
        var bytes = new byte[64 * 1024];
        var decoder = Encoding.UTF8.GetDecoder();
        var characters = new char[64 * 1024];
        for (var isLast = false; ; isLast = enough.IsCancellationRequested)
        {
            while (await stream.ReadAsync(bytes, CancellationToken.None) is > 0 and var count)
                text.Append(characters, 0, decoder.GetChars(bytes, 0, count, characters, 0));
            Size = stream.Position - began;
            SayLines(text);
            if (isLast)
                return;
            await Pauses.TakeAsync(_pause, enough);
        }
    }

    private void SayLines(StringBuilder text)
    {
        var all = text.ToString();
        var end = all.LastIndexOf('\n') + 1;
        foreach (var line in all[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            history.Say($"{process} | {line.TrimEnd()}");
        text.Remove(0, end);
    }
}
