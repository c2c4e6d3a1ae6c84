using System.Diagnostics;
using System.Globalization;
using Coupon.Consumers.Telemetry;
using MySqlConnector;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// The span of a transaction that writes issuances, within that of the batch, by the conventions for databases
/// (https://opentelemetry.io/docs/specs/semconv/db/). Not the connector's own spans: they have the text of each statement, with the users in it.
/// </summary>
internal sealed class TransactionSpan : IDisposable
{
    private const string Operation = "INSERT";
    private const string Table = "issued_coupons";
    private const string Name = $"{Operation} {Table}";

    private readonly Activity _span;

    private TransactionSpan(Activity span) => _span = span;

    /// <summary>Begins it.</summary>
    /// <returns>Null: nobody listens.</returns>
    public static TransactionSpan? Start(MySqlDataSource database, int messages)
    {
        if (!ConsumerTraces.Source.HasListeners() || ConsumerTraces.Source.StartActivity(Name, ActivityKind.Client) is not { } span)
            return null;
        var server = new MySqlConnectionStringBuilder(database.ConnectionString);
        span.SetTag("db.system.name", "mysql");
        span.SetTag("db.namespace", server.Database);
        span.SetTag("db.collection.name", Table);
        span.SetTag("db.operation.name", Operation);
        span.SetTag("server.address", server.Server);
        span.SetTag("server.port", (int)server.Port);

        // One is no batch, by the conventions.
        if (messages > 1)
            span.SetTag("db.operation.batch.size", messages);
        return new TransactionSpan(span);
    }

    /// <summary>It was committed.</summary>
    public void Committed(WriteOutcome outcome)
    {
        _span.SetTag("coupon.rows.inserted", outcome.Inserted);
        _span.SetTag("coupon.rows.repeated", outcome.Repeated);
        _span.SetTag("coupon.rows.rejected", outcome.Rejections.Count);
    }

    /// <summary>It was rolled back.</summary>
    public void Failed(Exception exception)
    {
        _span.SetTag("error.type", exception.GetType().FullName);
        if (exception is MySqlException mySql)
            _span.SetTag("db.response.status_code", ((int)mySql.ErrorCode).ToString(CultureInfo.InvariantCulture));
        _span.SetStatus(ActivityStatusCode.Error, FailureText.Of(exception));
    }

    public void Dispose() => _span.Dispose();
}
