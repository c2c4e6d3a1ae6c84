namespace Coupon.Consumers.Issuing;

/// <summary>What has been tried so far with one part of a batch; the halves of a part go on counting from it.</summary>
internal sealed class Attempts(TimeProvider time)
{
    private long _transientSince;

    public int Count { get; private set; }

    public DateTimeOffset? FirstFailedAt { get; private set; }

    public DateTimeOffset? LastFailedAt { get; private set; }

    /// <summary>For how long the database has failed without a break, for reasons that are not the data's.</summary>
    public TimeSpan TransientFor => _transientSince == 0 ? TimeSpan.Zero : time.GetElapsedTime(_transientSince);

    public void Begin() => Count++;

    public void Failed(bool transient)
    {
        LastFailedAt = time.GetUtcNow();
        FirstFailedAt ??= LastFailedAt;
        if (!transient)
            _transientSince = 0;
        else if (_transientSince == 0)
            _transientSince = time.GetTimestamp();
    }

    /// <summary>
    /// It is a part of a batch that failed on data: the quick way, which supposes that all is well, would be a transaction in vain.
    /// </summary>
    public bool IsPartOfPoisoned { get; private init; }

    public Attempts Fork() =>
        new(time)
        {
            Count = Count,
            FirstFailedAt = FirstFailedAt,
            LastFailedAt = LastFailedAt,
            IsPartOfPoisoned = true,
        };

    public Failure Failure(Issuance issuance, string cause, Exception exception) =>
        new(issuance, cause, exception, Count, FirstFailedAt ?? time.GetUtcNow(), LastFailedAt ?? time.GetUtcNow());
}
