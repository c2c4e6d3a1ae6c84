namespace Coupon.Hosting.Operators;

/// <summary>The metadata of an endpoint that says to which door it belongs.</summary>
/// <param name="IsForOperators">Whether it is the operators' one.</param>
public sealed record Door(bool IsForOperators)
{
    /// <summary>The door for everybody.</summary>
    public static readonly Door Public = new(false);

    /// <summary>The operators' door.</summary>
    public static readonly Door Operators = new(true);

    /// <summary>Whether an endpoint with this metadata belongs to the operators' door.</summary>
    public static bool IsOperators(IEnumerable<object> metadata) => metadata.OfType<Door>().LastOrDefault()?.IsForOperators == true;
}
