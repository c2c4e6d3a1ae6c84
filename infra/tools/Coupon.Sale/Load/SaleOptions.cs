namespace Coupon.Sale.Load;

/// <summary>The size of the sale.</summary>
/// <param name="Users">How many users want a coupon.</param>
/// <param name="RequestsPerUser">How many requests each user sends, one right after the other.</param>
/// <param name="Stock">How many coupons there are.</param>
/// <param name="Instances">How many processes of Coupon.Api.</param>
/// <param name="Clients">How many clients send requests at the same time.</param>
/// <param name="Stay">Whether everything keeps running after the sale.</param>
internal sealed record SaleOptions(int Users, int RequestsPerUser, int Stock, int Instances, int Clients, bool Stay)
{
    public int Requests => Users * RequestsPerUser;
}
