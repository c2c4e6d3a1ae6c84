using System.CommandLine;
using System.CommandLine.Parsing;
using Coupon.Database;

namespace Coupon.Consumers.DeadLetters.Commands;

/// <summary>The options by which every command says which dead letters it means.</summary>
internal sealed class FilterOptions
{
    private readonly Option<long[]> _id = new("--id") { Description = "These entries.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<DeadLetterState[]> _state = new("--state")
    {
        Description = "In one of these states.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _cause = new("--cause") { Description = "Of this cause, as groups shows it." };
    private readonly Option<long?> _coupon = new("--coupon") { Description = "Of this coupon." };
    private readonly Option<long?> _user = new("--user") { Description = "Of this user." };
    private readonly Option<DateTimeOffset?> _since = Time("--since", "Failed last at this time or later (ISO 8601, UTC where no zone is given).");
    private readonly Option<DateTimeOffset?> _until = Time("--until", "Failed last before this time.");
    private readonly Option<Origin?> _origin = new("--origin")
    {
        Description = "Read from topic, topic/partition or topic/partition@offset.",
        CustomParser = ParseOrigin,
    };

    private readonly Option<long?> _upTo = new("--up-to") { Description = "Up to this id, as a dry run shows it: nothing that has come since." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_id, _state, _cause, _coupon, _user, _since, _until, _origin, _upTo])
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
            UpToId = parsed.GetValue(_upTo),
        };
    }

    private static Option<DateTimeOffset?> Time(string name, string description) =>
        new(name)
        {
            Description = description,
            CustomParser = argument =>
            {
                var text = argument.Tokens.Single().Value;
                if (UniversalTimes.TryParse(text, out var time))
                    return time;
                argument.AddError($"'{text}' is not a time.");
                return null;
            },
        };

    private static Origin? ParseOrigin(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        if (Origin.TryParse(text, out var origin))
            return origin;
        argument.AddError($"'{text}' is not an origin: topic, topic/partition or topic/partition@offset.");
        return null;
    }
}
