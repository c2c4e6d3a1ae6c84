namespace Coupon.Consumers.Issuing;

/// <summary>The attempts so far at one part of a batch; the halves of a part go on counting from it.</summary>
internal sealed class WriteAttempts(TimeProvider time)
{
    private long _transientSince;

    public int Count { get; private set; }

    public DateTimeOffset? FirstFailedAt { get; private set; }

    public DateTimeOffset? LastFailedAt { get; private set; }

    /// <summary>For how long every attempt has failed for reasons that are not the data's.</summary>
    public TimeSpan TransientFor => _transientSince == 0 ? TimeSpan.Zero : time.GetElapsedTime(_transientSince);

    /// <summary>Whether this is a part of a batch that failed on its data, so that the optimistic insert is skipped.</summary>
    public bool IsPartOfPoisoned { get; private init; }

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

    /// <summary>The attempts of a half of this part.</summary>
    public WriteAttempts Fork() =>
        new(time)
        {
            Count = Count,
            FirstFailedAt = FirstFailedAt,
            LastFailedAt = LastFailedAt,
            IsPartOfPoisoned = true,
        };

    /// <summary>A rejection with the history of this part.</summary>
    public Rejection Complete(Rejection rejection) =>
        rejection with
        {
            Attempts = Count,
            FirstFailedAt = FirstFailedAt ?? time.GetUtcNow(),
            LastFailedAt = LastFailedAt ?? time.GetUtcNow(),
        };
}
