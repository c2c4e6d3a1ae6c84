using System.Globalization;

namespace Coupon.Consumers.Pages;

/// <summary>Formats numbers and times for pages.</summary>
internal static class PageFormat
{
    public static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "–";

    public static string Rate(double? rate) => rate?.ToString("N0", CultureInfo.InvariantCulture) ?? "–";

    public static string Moment(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Time(DateTime? time) => time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "–";
}
