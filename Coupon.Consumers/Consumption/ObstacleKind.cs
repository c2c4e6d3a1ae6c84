namespace Coupon.Consumers.Consumption;

/// <summary>Why consumption stands still although there are messages; from mild to severe.</summary>
public enum ObstacleKind
{
    /// <summary>The switch that pauses consumption has not been read since the start, so it is not known whether consumption is wanted.</summary>
    SwitchUnread,

    /// <summary>An operator has paused consumption.</summary>
    Paused,

    /// <summary>The database cannot be written to; the batch is repeated until it can.</summary>
    DatabaseUnavailable,

    /// <summary>
    /// The database may have lost its latest transactions; messages that it refuses are held until everything has been verified against it.
    /// </summary>
    DatabaseDoubted,

    /// <summary>The ledger of dead letters cannot be written to; they wait in their topic.</summary>
    LedgerUnavailable,

    /// <summary>Too many of the recent messages would become dead letters; an operator must look.</summary>
    ValveShut,

    /// <summary>A dead letter cannot be handed to Kafka; its batch is held, so that it is not lost.</summary>
    DeadLettersUnavailable,
}
