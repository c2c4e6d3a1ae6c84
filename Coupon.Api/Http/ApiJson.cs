using System.Text.Json;
using System.Text.Json.Serialization;
using Coupon.Api.Coupons;
using Coupon.Api.Issuing;
using Coupon.Api.Problems;
using Coupon.Stock.Balance;
using Coupon.Stock.Verification;

namespace Coupon.Api.Http;

/// <summary>
/// How JSON is read and written. Strict on the way in: a number in quotes, a member nobody knows or a member twice is refused, since
/// a client that sends one means something that it would not get.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNameCaseInsensitive = false,
    NumberHandling = JsonNumberHandling.Strict,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(IssueRequest))]
[JsonSerializable(typeof(IssuanceResponse))]
[JsonSerializable(typeof(IssuanceStatusResponse))]
[JsonSerializable(typeof(CreateCouponRequest))]
[JsonSerializable(typeof(RestockRequest))]
[JsonSerializable(typeof(CouponResponse))]
[JsonSerializable(typeof(CouponPage))]
[JsonSerializable(typeof(UserCouponPage))]
[JsonSerializable(typeof(CouponBalance))]
[JsonSerializable(typeof(VerificationReport))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProblemKind))]
internal sealed partial class ApiJson : JsonSerializerContext;
