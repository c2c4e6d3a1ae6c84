using System.Text.Json;
using System.Text.Json.Serialization;
using Coupon.Contracts;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// How the message is written in JSON: the names in any case, none missing. Generated at build time, because every message passes here.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CouponIssued))]
[JsonSerializable(typeof(CouponIssuedMembers))]
internal sealed partial class CouponIssuedJson : JsonSerializerContext;
