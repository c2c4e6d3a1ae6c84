using System.CommandLine;
using System.CommandLine.Parsing;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Operators;
using Coupon.Database;

namespace Coupon.Consumers.Commands;

/// <summary>The options that select dead letters.</summary>
internal sealed class FilterOptions
{
    private readonly Option<long[]> _id = new("--id") { Description = "These entries.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<DeadLetterState[]> _state = new("--state")
    {
        Description = $"In one of these states: {string.Join(", ", EnumText.NamesOf<DeadLetterState>())}.",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ParseStates,
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

    private readonly Option<long?> _upTo = new("--up-to")
    {
        Description = "Up to this id, as a dry run shows it: leaves out entries recorded since.",
    };

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

    private static DeadLetterState[]? ParseStates(ArgumentResult argument)
    {
        try
        {
            return [.. argument.Tokens.Select(token => EnumText.Parse<DeadLetterState>("--state", token.Value))];
        }
        catch (FormatException exception)
        {
            argument.AddError(exception.Message);
            return null;
        }
    }

    private static Origin? ParseOrigin(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        if (Origin.TryParse(text, out var origin))
            return origin;
        argument.AddError($"'{text}' is not an origin: topic, topic/partition or topic/partition@offset.");
        return null;
    }
}
