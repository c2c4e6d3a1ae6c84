using Coupon.Api.Http;

namespace Coupon.Api.Users;

/// <summary>The user of a request.</summary>
/// <param name="Id">The user's number; null: the request does not say it outside its body or path.</param>
/// <param name="Refusal">Why the request is not answered; null: it is.</param>
internal readonly record struct RequestUser(long? Id, Refusal? Refusal = null);
