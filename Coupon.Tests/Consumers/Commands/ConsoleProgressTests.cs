using Coupon.Consumers.Commands;
using Microsoft.Extensions.Time.Testing;

namespace Coupon.Tests.Consumers.Commands;

[NeedsNothing]
public sealed class ConsoleProgressTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _words = new();

    public void Dispose() => _words.Dispose();

    [Fact]
    public void In_a_log_it_is_a_line_now_and_then()
    {
        var progress = new ConsoleProgress(100, _time, _words, terminal: false);

        for (var done = 1; done <= 12; done++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            progress.Report(done);
        }

        Assert.Equal(["5 of 100", "10 of 100", ""], _words.ToString().Split(Environment.NewLine));
    }

    [Fact]
    public void On_a_terminal_it_stays_in_its_place()
    {
        var progress = new ConsoleProgress(100, _time, _words, terminal: true);

        for (var done = 1; done <= 4; done++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            progress.Report(done);
        }

        Assert.Equal("\r2 of 100 \r4 of 100 ", _words.ToString());
    }
}
