namespace Coupon.Sale;

/// <summary>The size of the sale.</summary>
/// <param name="Users">How many people want a coupon.</param>
/// <param name="RequestsPerUser">How often each presses the button, one press right after the other.</param>
/// <param name="Stock">How many coupons exist.</param>
/// <param name="Instances">How many processes of Coupon.Api.</param>
/// <param name="Clients">How many requests are on their way at the same time.</param>
/// <param name="Stay">Whether everything stays up after the sale.</param>
internal sealed record SaleOptions(int Users, int RequestsPerUser, int Stock, int Instances, int Clients, bool Stay)
{
    public int Requests => Users * RequestsPerUser;
}
