using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Coupon.Database;

/// <summary>Every time in the database is UTC; MySQL does not say so, so what is read is marked here.</summary>
internal sealed class UtcDateTimeConverter()
    : ValueConverter<DateTime, DateTime>(
        written => written.Kind == DateTimeKind.Local ? written.ToUniversalTime() : written,
        read => DateTime.SpecifyKind(read, DateTimeKind.Utc)
    );
