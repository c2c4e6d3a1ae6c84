using MySqlConnector;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// LOAD DATA LOCAL for large batches, which costs MySQL a sixth less than INSERT, where both sides allow it: the server with <c>local_infile</c>, the
/// connection string with <c>AllowLoadLocalInfile</c>. MySQL and the driver do not by themselves, because a server may then ask the client for files;
/// the driver answers with
/// nothing but the rows unless the connection string also has it verify the server's certificate.
/// </summary>
internal sealed class RowLoading(MySqlDataSource database, ILogger<RowLoading> log)
{
    /// <summary>Messages from which on a batch is loaded: below, a round trip more costs what the server saves.</summary>
    public const int Worthwhile = 500;

    private const int NotAllowed = 3948;
    private const int NotAllowedFormerly = 1148;
    private const int NotAllowedByMariaDb = 4166;

    private volatile bool _allowed = new MySqlConnectionStringBuilder(database.ConnectionString).AllowLoadLocalInfile;

    /// <summary>Loads the rows of a batch, if it is large enough and may be.</summary>
    /// <returns>Whether all were added. If not, none was, and an INSERT will say why, if there is a reason.</returns>
    /// <exception cref="Exception">As for <see cref="IssuedCouponWriter.WriteAsync"/>.</exception>
    public async Task<bool> TryAsync(WriteTransaction transaction, ReadOnlyMemory<Issuance> issuances, CancellationToken cancellationToken)
    {
        if (!_allowed || issuances.Length < Worthwhile)
            return false;
        using var rows = new RowLines(issuances.Span);
        try
        {
            return await transaction.TryLoadAsync("issued_coupons", rows, cancellationToken);
        }
        catch (MySqlException exception) when (exception.Number is NotAllowed or NotAllowedFormerly or NotAllowedByMariaDb)
        {
            // It says so before it has done anything, and would say so each time.
            if (_allowed)
                log.LoadingNotAllowed(exception.Message);
            _allowed = false;
            return false;
        }
    }
}
