using System.Text.Json.Serialization;

namespace Coupon.Api.Issuing;

/// <summary>Where an issuance stands. Written in lower case.</summary>
public enum IssuanceStatus
{
    /// <summary>Accepted, and on its way to the database.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The row is there.</summary>
    [JsonStringEnumMemberName("issued")]
    Issued,

    /// <summary>It could not be written: an open dead letter, which an operator sees. The seat stays taken.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
