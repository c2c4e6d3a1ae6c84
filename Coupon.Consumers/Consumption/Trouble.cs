namespace Coupon.Consumers.Consumption;

/// <summary>Why consumption stands still although there are messages; from mild to severe.</summary>
public enum Trouble
{
    /// <summary>The switch that pauses it has not been read since the start, so nobody knows whether it is wanted.</summary>
    SwitchUnread,

    /// <summary>An operator has paused it.</summary>
    Paused,

    /// <summary>The database cannot be written to; the batch is repeated until it can.</summary>
    DatabaseUnavailable,

    /// <summary>The database may have gone back in time: what it refuses is not given up before everything has been verified against it.</summary>
    DatabaseDoubted,

    /// <summary>The ledger of dead letters cannot be written to; they wait in their topic.</summary>
    LedgerUnavailable,

    /// <summary>Too many of the recent messages would become dead letters; an operator must look.</summary>
    ValveShut,

    /// <summary>A dead letter cannot be handed to Kafka; its batch is held, so that it is not lost.</summary>
    DeadLettersUnavailable,
}
