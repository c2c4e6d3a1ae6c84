namespace Coupon.Faults.Schedules;

/// <summary>What can go wrong, or be asked for by an operator, in the middle of a sale.</summary>
internal enum FaultKind
{
    /// <summary>kill −9 of one process, which is started again later.</summary>
    KillProcess,

    /// <summary>SIGSTOP of one process, and SIGCONT later.</summary>
    FreezeProcess,

    /// <summary>SIGTERM of one process, which must end by itself, and its successor.</summary>
    RestartProcess,

    /// <summary>All processes are restarted, one after the other, each when the one before is ready.</summary>
    RollingRestart,

    /// <summary>The connections of one instance to one server break, and new ones are refused.</summary>
    CutLink,

    /// <summary>Nothing passes between one instance and one server, and the connections stay open.</summary>
    HalfOpenLink,

    /// <summary>What one instance asks arrives at the server; what the server answers does not arrive.</summary>
    HoldAnswers,

    /// <summary>Everything between one instance and one server arrives late.</summary>
    SlowLink,

    /// <summary>Little passes in a second between one instance and one server.</summary>
    ThrottleLink,

    /// <summary>The connections of one instance to one server break once.</summary>
    ResetLink,

    /// <summary>The wall clock of one process is wrong.</summary>
    WrongClock,

    /// <summary>One more process comes, and is asked to stop later.</summary>
    ScaleUp,

    /// <summary>One process is asked to stop, and comes back later.</summary>
    ScaleDown,

    /// <summary>FLUSHALL.</summary>
    FlushRedis,

    /// <summary>kill −9 of Redis, and the end of its file is cut off before it is started again.</summary>
    PowerCutRedis,

    /// <summary>kill −9 of Redis, which is started again later with the file as it was.</summary>
    KillRedis,

    /// <summary>SIGSTOP of Redis, and SIGCONT later.</summary>
    FreezeRedis,

    /// <summary>The primary of Redis freezes, its replica is promoted, and the old primary thaws without knowing of it.</summary>
    FailOverRedis,

    /// <summary>The replica of Redis is promoted while its primary goes on, and does not know of it.</summary>
    PromoteReplica,

    /// <summary>kill −9 of a primary of Redis and of its replica, which are both started again later.</summary>
    KillShard,

    /// <summary>SIGSTOP of Kafka, and SIGCONT later.</summary>
    FreezeKafka,

    /// <summary>kill −9 of Kafka, which is started again later.</summary>
    KillKafka,

    /// <summary>SIGSTOP of one broker of three, and SIGCONT later.</summary>
    FreezeBroker,

    /// <summary>kill −9 of one broker of three, which is started again later.</summary>
    KillBroker,

    /// <summary>kill −9 of two brokers of three, which are started again later.</summary>
    KillTwoBrokers,

    /// <summary>The topic of issuances refuses records.</summary>
    RefuseTopic,

    /// <summary>SIGSTOP of MySQL, and SIGCONT later.</summary>
    FreezeMySql,

    /// <summary>kill −9 of MySQL, which is started again later.</summary>
    KillMySql,

    /// <summary>MySQL refuses writes.</summary>
    ReadOnlyMySql,

    /// <summary>MySQL has no connection left.</summary>
    ExhaustConnections,

    /// <summary>The disk of MySQL is full.</summary>
    FillMySqlDisk,

    /// <summary>Somebody else holds the lock of the coupon's row.</summary>
    LockRows,

    /// <summary>kill −9 of MySQL, whose replica is promoted without the last rows.</summary>
    FailOverMySql,

    /// <summary>Records that nobody can decode, in the topic of issuances.</summary>
    PoisonRecords,

    /// <summary>
    /// Records in the topic of issuances that claim a seat of somebody else, a second seat of the same user, or to be the replay of a dead letter.
    /// </summary>
    ForgedRecords,

    /// <summary>An operator adds seats.</summary>
    Restock,

    /// <summary>An operator has the coupon verified.</summary>
    Rebuild,

    /// <summary>An operator pauses consumption, and resumes it later.</summary>
    PauseConsumption,

    /// <summary>An operator ends the sale.</summary>
    CloseCoupon,

    /// <summary>An operator deletes another coupon, of which everything is sold and written, while users press for it.</summary>
    DeleteCoupon,

    /// <summary>An operator sends all open dead letters back to their topic.</summary>
    ReplayDeadLetters,

    /// <summary>An operator gives all open dead letters up.</summary>
    DiscardDeadLetters,
}
