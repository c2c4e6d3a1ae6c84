using System.ComponentModel.DataAnnotations;
using Coupon.Hosting.Configuration;

namespace Coupon.Consumers.Monitoring;

/// <summary>Section <c>Balance</c>.</summary>
internal sealed class BalanceWatchOptions
{
    /// <summary>The time between two readings of the balances of all coupons that have not ended. 1 s to 1 day, default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The most unread messages with which the balances are watched, since every reading fetches all unread messages from the broker. Above it the
    /// log reports that they are not watched, and the overview does not know them; the command <c>balance</c> still reads them, and the page of a
    /// coupon tries to. At least 1,000, default 1,000,000.
    /// </summary>
    [Range(1_000, long.MaxValue)]
    [Unit("messages")]
    public long MostUnread { get; set; } = 1_000_000;
}
