namespace Coupon.Stock.Tail;

/// <summary>More is unread than the caller wanted to have read. Nothing was read.</summary>
public sealed class TailTooLongException : Exception
{
    internal TailTooLongException(string topic, long unread, long mostUnread)
        : base($"{unread} messages of {topic} are unread, more than the {mostUnread} that are read for this: consumers are behind.") { }
}
