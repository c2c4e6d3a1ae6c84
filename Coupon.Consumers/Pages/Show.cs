using System.Globalization;

namespace Coupon.Consumers.Pages;

/// <summary>How numbers and times read on pages.</summary>
internal static class Show
{
    public static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "–";

    public static string Rate(double? rate) => rate?.ToString("N0", CultureInfo.InvariantCulture) ?? "–";

    public static string Time(DateTime? time) => time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "–";
}
