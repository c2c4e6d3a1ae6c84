using Coupon.Database;
using Coupon.Hosting.Configuration;
using Dapper;
using MySqlConnector;

namespace Coupon.Consumers.Consumption;

/// <summary>Pause and resume, for all instances of the group: an operator sets the switch in MySQL, every instance reads it once a second.</summary>
internal sealed class ConsumptionSwitch(MySqlDataSource database, ConsumerGroupNames groups)
{
    private string Group => groups.Persistence;

    /// <summary>Reads the switch; null: it was never set, so consumption is wanted.</summary>
    public async Task<ConsumptionSwitchRow?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ConsumptionSwitchRow>(
            new CommandDefinition(
                "SELECT consumer_group, paused, reason, changed_by, changed_at FROM consumption_switches WHERE consumer_group = @Group",
                new { Group },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>Sets the switch.</summary>
    /// <param name="paused">Whether consumption is to stand still.</param>
    /// <param name="reason">The operator's reason; null: none, which is usual for a resume.</param>
    /// <param name="actor">The operator.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SetAsync(bool paused, string? reason, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One statement, so that two operators who set it at once do not fail on each other.
        await connection.ExecuteAsync(
            new CommandDefinition(
                """
                INSERT INTO consumption_switches (consumer_group, paused, reason, changed_by, changed_at)
                  VALUES (@Group, @paused, @reason, @actor, UTC_TIMESTAMP(3))
                ON DUPLICATE KEY UPDATE paused = @paused, reason = @reason, changed_by = @actor, changed_at = UTC_TIMESTAMP(3)
                """,
                new
                {
                    Group,
                    paused,
                    reason,
                    actor,
                },
                cancellationToken: cancellationToken
            )
        );
    }
}
