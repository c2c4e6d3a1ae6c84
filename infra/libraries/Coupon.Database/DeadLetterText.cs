namespace Coupon.Database;

/// <summary>Searches the payload of dead letters.</summary>
public static class DeadLetterText
{
    /// <summary>
    /// The place of a text in bytes, from 1; 0: it is not there. For queries only: bytes have no case, so the letters have to be written as they are
    /// there (https://dev.mysql.com/doc/refman/8.4/en/string-functions.html#function_locate).
    /// </summary>
    public static int Locate(string text, byte[]? within) => throw new NotSupportedException($"{nameof(Locate)} is a function of MySQL.");
}
