using Coupon.Database;
using Dapper;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace Coupon.Consumers.Consumption;

/// <summary>Pause and resume, for all instances of the group: an operator turns the switch in MySQL, every instance reads it once a second.</summary>
internal sealed class ConsumptionSwitch(MySqlDataSource database, IOptions<ConsumerGroupNames> groups)
{
    private string Group => groups.Value.Persistence;

    /// <summary>How it stands; null: nobody has ever turned it, so consumption is wanted.</summary>
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

    /// <param name="paused">Whether consumption is to stand.</param>
    /// <param name="reason">Why.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task TurnAsync(bool paused, string? reason, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One statement, so that two who turn it at once do not get into each other's way.
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
