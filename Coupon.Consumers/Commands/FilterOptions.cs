using System.CommandLine;
using Coupon.Arguments;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Consumers.Operators;
using Coupon.Database;

namespace Coupon.Consumers.Commands;

/// <summary>The options that select dead letters.</summary>
internal sealed class FilterOptions
{
    private const string TimeWords = "a time such as 2026-05-01T12:00Z";
    private const string TextWords = "a text of 1 to 200 characters";
    private const int MaxTextLength = 200;
    private const string OriginWords = "topic, topic/partition or topic/partition@offset";

    private static readonly Accepted<DateTimeOffset> _time = new(TimeWords, ReadTime);
    private static readonly Accepted<Origin?> _place = new(OriginWords, ReadOrigin);
    private static readonly Accepted<string?> _anyText = Values.Text(TextWords, FindFault).Select(text => (string?)text);
    private static readonly Accepted<long> _anyNumber = Values.Whole(long.MinValue, long.MaxValue);
    private static readonly string[] _states = [.. EnumText.NamesOf<DeadLetterState>()];
    private static readonly string[] _causes = [.. RejectionCauses.All, DeadLetterHeadersCodec.UnnamedCause];

    private readonly ValuesOption<long> _id = new("--id", Values.Whole(1, long.MaxValue)) { Description = "These entries." };
    private readonly ValuesOption<DeadLetterState> _state = new("--state", Values.Choice(_states, name => Enum.Parse<DeadLetterState>(name, true)))
    {
        Description = $"In one of these states: {string.Join(", ", _states)}.",
    };
    private readonly ValueOption<string?> _cause = new("--cause", Values.Choice(_causes, name => (string?)name))
    {
        Description = $"Of this cause: {string.Join(", ", _causes)}.",
    };

    // The messages of dead letters may name what no coupon and no user can be.
    private readonly ValueOption<long?> _coupon = new("--coupon", Values.Optional(_anyNumber)) { Description = "Of this coupon." };
    private readonly ValueOption<long?> _user = new("--user", Values.Optional(_anyNumber)) { Description = "Of this user." };
    private readonly ValueOption<DateTimeOffset?> _since = new("--since", Values.Optional(_time))
    {
        Description = "Failed last at this time or later (ISO 8601, UTC where no zone is given).",
    };
    private readonly ValueOption<DateTimeOffset?> _until = new("--until", Values.Optional(_time)) { Description = "Failed last before this time." };
    private readonly ValueOption<Origin?> _origin = new("--origin", _place)
    {
        Description = "Read from topic, topic/partition or topic/partition@offset.",
    };
    private readonly ValueOption<string?> _text = new("--text", _anyText)
    {
        Description = "With this text in the payload, or in the type or the message of the exception.",
    };
    private readonly ValueOption<string?> _failedIn = new("--failed-in", _anyText)
    {
        Description = "That failed in this frame of the stack, as Type.Method; none: in none that is known.",
    };
    private readonly ValueOption<long?> _upTo = new("--up-to", Values.Optional(Values.Whole(0L, long.MaxValue)))
    {
        Description = "Up to this id, as a dry run shows it: leaves out entries recorded since.",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_id, _state, _cause, _coupon, _user, _since, _until, _origin, _text, _failedIn, _upTo])
            command.Add(option);
    }

    public DeadLetterFilter Read(ParseResult parsed)
    {
        var origin = parsed.GetValue(_origin);
        return new DeadLetterFilter
        {
            Ids = parsed.GetValue(_id) is { Length: > 0 } ids ? ids : null,
            States = parsed.GetValue(_state) is { Length: > 0 } states ? states : null,
            Cause = parsed.GetValue(_cause),
            CouponId = parsed.GetValue(_coupon),
            UserId = parsed.GetValue(_user),
            Since = parsed.GetValue(_since),
            Until = parsed.GetValue(_until),
            Topic = origin?.Topic,
            Partition = origin?.Partition,
            Offset = origin?.Offset,
            Text = parsed.GetValue(_text),
            FailedIn = parsed.GetValue(_failedIn),
            UpToId = parsed.GetValue(_upTo),
        };
    }

    private static string? FindFault(string text) =>
        string.IsNullOrWhiteSpace(text) || text.Length > MaxTextLength ? $"must have 1 to {MaxTextLength} characters" : null;

    private static string? ReadTime(string text, out DateTimeOffset time) =>
        UniversalTimes.TryParse(text, out time) ? null : Values.Fault(TimeWords, text);

    private static string? ReadOrigin(string text, out Origin? origin) => Origin.TryParse(text, out origin) ? null : Values.Fault(OriginWords, text);
}
