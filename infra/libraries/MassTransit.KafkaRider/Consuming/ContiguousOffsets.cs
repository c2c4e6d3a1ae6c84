namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Of one partition: which messages are under way, and up to where all before are done. Only that prefix may be committed, whatever the order in
/// which they end. Safe for concurrent use.
/// </summary>
internal sealed class ContiguousOffsets
{
    private readonly Lock _lock = new();
    private readonly Queue<Entry> _underWay = new();
    private long _next = -1;
    private bool _advanced;

    /// <summary>How many messages have begun and are not yet part of the prefix.</summary>
    public int UnderWay
    {
        get
        {
            lock (_lock)
                return _underWay.Count;
        }
    }

    /// <summary>The offset up to which everything is done; where nothing is yet, of the first message that began; null before any began.</summary>
    public long? Next
    {
        get
        {
            lock (_lock)
                return _next >= 0 ? _next : null;
        }
    }

    /// <summary>The first message that is not done; null where none is under way.</summary>
    public Entry? Oldest
    {
        get
        {
            lock (_lock)
                return _underWay.TryPeek(out var first) ? first : null;
        }
    }

    /// <summary>
    /// A message begins. Offsets come in rising order, with gaps where a topic is compacted or transactional. The first one's own is to be committed
    /// at once: a group that has committed nothing would begin at the end of the topic, behind what it had failed on.
    /// </summary>
    public void Begin(Entry entry)
    {
        lock (_lock)
        {
            _underWay.Enqueue(entry);
            if (_next >= 0)
                return;
            _next = entry.Offset;
            _advanced = true;
        }
    }

    /// <summary>
    /// The client begins here, with no message yet. To be committed as well: a group that begins at the end of a partition would begin behind what
    /// comes while nobody has it. Says nothing where a message has begun.
    /// </summary>
    public void StartAt(long offset)
    {
        lock (_lock)
        {
            if (_next >= 0)
                return;
            _next = offset;
            _advanced = true;
        }
    }

    /// <summary>A message is done.</summary>
    public void Complete(Entry entry)
    {
        lock (_lock)
        {
            entry.IsDone = true;
            Advance();
        }
    }

    /// <summary>Neighbours in a list are done, all of this partition.</summary>
    public void Complete<TEntry>(List<TEntry> entries, int first, int count)
        where TEntry : Entry
    {
        lock (_lock)
        {
            for (var i = first; i < first + count; i++)
                entries[i].IsDone = true;
            Advance();
        }
    }

    /// <summary>The offset to commit, that is, of the first message that is not done; false where nothing is new since it was last taken.</summary>
    public bool TryTakeNext(out long next)
    {
        lock (_lock)
        {
            next = _next;
            var advanced = _advanced;
            _advanced = false;
            return advanced;
        }
    }

    /// <summary>What was taken could not be stored: it is to be taken again.</summary>
    public void PutBack()
    {
        lock (_lock)
            _advanced = true;
    }

    private void Advance()
    {
        while (_underWay.TryPeek(out var first) && first.IsDone)
        {
            _next = _underWay.Dequeue().Offset + 1;
            _advanced = true;
        }
    }

    /// <summary>A message under way.</summary>
    internal abstract class Entry
    {
        public abstract long Offset { get; }

        /// <summary>When it was produced, by the clock of whoever stamped it; null where nobody did.</summary>
        public virtual DateTime? ProducedAt => null;

        public bool IsDone { get; set; }
    }
}
