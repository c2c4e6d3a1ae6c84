namespace Coupon.Consumers.Commands;

/// <summary>The format of the data on standard output. Messages go to standard error, so that data can be piped.</summary>
internal enum OutputFormat
{
    Table,
    Json,
}
