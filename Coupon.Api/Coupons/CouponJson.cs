using System.Text.Json;
using System.Text.Json.Serialization;
using Coupon.Stock.Balance;
using Coupon.Stock.Verification;

namespace Coupon.Api.Coupons;

/// <summary>The bodies of requests about coupons, and of their answers.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(CreateCouponRequest))]
[JsonSerializable(typeof(RestockRequest))]
[JsonSerializable(typeof(CouponResponse))]
[JsonSerializable(typeof(CouponPage))]
[JsonSerializable(typeof(UserCouponPage))]
[JsonSerializable(typeof(CouponBalance))]
[JsonSerializable(typeof(VerificationReport))]
internal sealed partial class CouponJson : JsonSerializerContext;
