using System.Diagnostics;
using Coupon.Stock;

namespace Coupon.Tests.Stock;

/// <summary>The trace of a press in the text of its seat, beside texts of versions that know of none.</summary>
[NeedsNothing]
public sealed class SeatTraceTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

    private static readonly HeldSeat _seat = new(17, 3, 7, 1800000000000);

    [Theory]
    [InlineData(null, null, "3:7:1800000000000")]
    [InlineData(-5L, null, "3:7:1800000000000:-5")]
    [InlineData(null, Trace, $"3:7:1800000000000::{Trace}")]
    [InlineData(-5L, Trace, $"3:7:1800000000000:-5:{Trace}")]
    public void An_entry_has_the_trace_at_its_end_and_is_the_same_seat_with_it_and_without(long? key, string? trace, string text)
    {
        var seat = _seat with { KeyHash = key };

        Assert.Equal(text, (string?)seat.ToOutbox(trace));
        Assert.True(HeldSeat.TryParseOutbox(17, text, out var read));
        Assert.Equal(seat, read);
        Assert.Equal(trace, HeldSeat.TraceOf(text) is { } context ? $"{context.TraceId}-{context.SpanId}" : null);
    }

    [Theory]
    [InlineData("3:7:1800000000000:-5:later")]
    [InlineData("3:7:1800000000000::4bf92f3577b34da6a3ce929d0e0e4736/00f067aa0ba902b7")]
    [InlineData("3:7:1800000000000::4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902bx")]
    [InlineData("3:7:1800000000000::00000000000000000000000000000000-0000000000000000")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public void What_is_no_trace_is_read_over(string? text) => Assert.Null(HeldSeat.TraceOf(text));

    [Fact]
    public void What_a_later_version_puts_behind_the_trace_is_read_over()
    {
        var text = $"3:7:1800000000000::{Trace}:later";

        Assert.True(HeldSeat.TryParseOutbox(17, text, out var read));
        Assert.Equal(_seat, read);
        Assert.NotNull(HeldSeat.TraceOf(text));
    }

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded, true)]
    [InlineData(ActivityTraceFlags.None, false)]
    public void Only_what_is_recorded_is_written(ActivityTraceFlags flags, bool isWritten)
    {
        using var activity = new Activity("press") { ActivityTraceFlags = flags }
            .SetIdFormat(ActivityIdFormat.W3C)
            .Start();

        Assert.Equal(isWritten ? $"{activity.TraceId}-{activity.SpanId}" : null, SeatTrace.Of(activity));
        Assert.Null(SeatTrace.Of(null));
    }
}
