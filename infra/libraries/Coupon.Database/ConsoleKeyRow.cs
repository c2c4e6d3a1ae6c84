namespace Coupon.Database;

/// <summary>A key of ASP.NET's Data Protection, by which the forms of the console are recognised in every instance.</summary>
public sealed class ConsoleKeyRow
{
    /// <summary>The most characters of <see cref="Name"/>.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The name that Data Protection gives it.</summary>
    public required string Name { get; init; }

    /// <summary>The key, as Data Protection writes and reads it.</summary>
    public required string Xml { get; init; }
}
