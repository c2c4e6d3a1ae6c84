namespace Coupon.Consumers.DeadLetters.Commands;

/// <summary>How data is written to standard output. Words always go to standard error, so that data can be piped.</summary>
internal enum OutputFormat
{
    Table,
    Json,
}
