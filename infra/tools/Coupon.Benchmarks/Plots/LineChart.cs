using System.Globalization;
using System.Text;

namespace Coupon.Benchmarks.Plots;

/// <summary>One line of a chart.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Color">As SVG spells it.</param>
/// <param name="Points">In the units of the axes, x ascending.</param>
internal sealed record Line(string Name, string Color, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A line chart as SVG, readable on light and dark pages: no library draws four axes more simply than this.</summary>
internal static class LineChart
{
    private const int Width = 760;
    private const int Height = 300;
    private const int Left = 70;
    private const int Top = 40;
    private const int Right = 20;
    private const int Bottom = 45;
    private const int Steps = 5;

    public static string Draw(string title, string xAxis, string yAxis, IReadOnlyList<Line> lines)
    {
        var maxX = Nice(lines.SelectMany(line => line.Points).Max(point => point.X));
        var maxY = Nice(lines.SelectMany(line => line.Points).Max(point => point.Y));
        var svg = new StringBuilder();
        Write($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Write($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#ffffff\"/>");
        Write($"<text x=\"{Left}\" y=\"20\" font-size=\"14\" font-weight=\"bold\">{title}</text>");
        for (var step = 0; step <= Steps; step++)
        {
            var (x, y) = (maxX * step / Steps, maxY * step / Steps);
            Write($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(y):F1}\" y2=\"{Y(y):F1}\" stroke=\"#dddddd\"/>");
            Write($"<text x=\"{Left - 8}\" y=\"{Y(y) + 4:F1}\" text-anchor=\"end\">{y:#,0.##}</text>");
            Write($"<text x=\"{X(x):F1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{x:#,0.##}</text>");
        }

        Write($"<text x=\"{Width - Right}\" y=\"{Height - 8}\" text-anchor=\"end\">{xAxis}</text><text x=\"{Left}\" y=\"{Top - 6}\">{yAxis}</text>");
        foreach (var (index, line) in lines.Index())
        {
            var points = string.Join(
                ' ',
                line.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):F1},{Y(point.Y):F1}"))
            );
            Write($"<polyline fill=\"none\" stroke=\"{line.Color}\" stroke-width=\"2\" points=\"{points}\"/>");
            Write($"<text x=\"{Left + 180 + (index * 150)}\" y=\"{Top - 6}\" fill=\"{line.Color}\">— {line.Name}</text>");
        }

        return svg.AppendLine("</svg>").ToString();

        double X(double value) => Left + (value / maxX * (Width - Left - Right));
        double Y(double value) => Height - Bottom - (value / maxY * (Height - Top - Bottom));
        void Write(FormattableString text) => svg.AppendLine(text.ToString(CultureInfo.InvariantCulture));
    }

    // The next 1, 2 or 5 with zeros: an axis that can be read.
    private static double Nice(double max)
    {
        if (max <= 0)
            return 1;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(max)));
        return new[] { 1, 2, 2.5, 5, 10 }.Select(factor => factor * unit).First(value => value >= max);
    }
}
