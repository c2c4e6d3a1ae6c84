using System.Globalization;
using Coupon.Consumers.Monitoring;

namespace Coupon.Consumers.Pages;

/// <summary>The points of a curve as an SVG polyline has them, in a frame of fixed size.</summary>
internal sealed class CurveDrawing
{
    /// <summary>The width of the frame.</summary>
    public const int Width = 800;

    /// <summary>The height of the frame.</summary>
    public const int Height = 240;

    private readonly SaleCurve _curve;
    private readonly long _total;
    private readonly double _seconds;

    public CurveDrawing(SaleCurve curve, long total)
    {
        (_curve, _total) = (curve, Math.Max(1, total));
        From = curve.Accepted[0].At;
        Until = curve.Accepted[^1].At > curve.Written[^1].At ? curve.Accepted[^1].At : curve.Written[^1].At;
        _seconds = Math.Max(0.001, (Until - From).TotalSeconds);
    }

    /// <summary>The time of the left edge (UTC).</summary>
    public DateTime From { get; }

    /// <summary>The time of the right edge (UTC).</summary>
    public DateTime Until { get; }

    /// <summary>Accepted by then.</summary>
    public string Accepted => Line(_curve.Accepted, point => point.Count);

    /// <summary>Written by then.</summary>
    public string Written => Line(_curve.Written, point => point.Count);

    /// <summary>Remaining at that time, of the total of today.</summary>
    public string Remaining => Line(_curve.Accepted, point => _total - point.Count);

    private string Line(IEnumerable<SalePoint> points, Func<SalePoint, long> count) =>
        string.Join(
            ' ',
            points.Select(point =>
            {
                var x = (point.At - From).TotalSeconds / _seconds * Width;
                var y = Height - ((double)Math.Clamp(count(point), 0, _total) / _total * Height);
                return string.Create(CultureInfo.InvariantCulture, $"{x:0.#},{y:0.#}");
            })
        );
}
