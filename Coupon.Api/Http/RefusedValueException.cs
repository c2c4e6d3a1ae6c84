using System.Text.Json;

namespace Coupon.Api.Http;

/// <summary>A value of the right type that is refused all the same.</summary>
/// <param name="expectation">Continues the sentence that begins with the member.</param>
internal sealed class RefusedValueException(string expectation) : JsonException(expectation);
