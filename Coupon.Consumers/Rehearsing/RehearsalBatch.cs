using System.Security.Cryptography;
using System.Text.Json;
using Coupon.Consumers.Issuing;
using Coupon.Contracts;

namespace Coupon.Consumers.Rehearsing;

/// <summary>
/// A batch of a coupon that is nobody's: its id is negative, so no database can assign it, and random, so that two processes do not meet. It goes
/// from bytes to rows and is rolled back, because there is no such coupon.
/// </summary>
internal sealed class RehearsalBatch(IssuedCouponWriter writer, RehearsalOptions options, TimeProvider time)
{
    private readonly long _couponId = -1 - (BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & (long.MaxValue >> 1));

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        var issuances = Enumerable.Range(1, options.Messages).Select(number => new Issuance(Read(number), number)).ToArray();
        await writer.RehearseAsync(issuances, cancellationToken);
    }

    private CouponIssued Read(int number)
    {
        var message = new CouponIssued(_couponId, number, number, time.GetUtcNow());
        return CouponIssuedDeserializer.TryRead(JsonSerializer.SerializeToUtf8Bytes(message, CouponIssuedJson.Default.CouponIssued), out var reason) ?? throw reason!;
    }
}
