namespace Coupon.Faults.Schedules;

/// <summary>A fault that a schedule must have, as the command line names it: <c>half-open-link@api-1:kafka</c>.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Process">To which process; null: it is drawn.</param>
/// <param name="Server">To which server; null: it is drawn.</param>
/// <param name="Follows">Whether it begins within a second after the one that was named before it, as a plus in front of it says.</param>
internal sealed record FaultChoice(FaultKind Kind, string? Process, string? Server, bool Follows = false)
{
    private const char Following = '+';

    /// <summary>Reads one; null: it is none.</summary>
    public static FaultChoice? Parse(string text)
    {
        var follows = text.StartsWith(Following);
        var choice = follows ? text[1..] : text;
        var (name, target) = choice.Split('@') is [var before, var after] ? (before, after) : (choice, null);
        if (Enum.GetValues<FaultKind>().Where(kind => Names.Of(kind) == name).Select(kind => (FaultKind?)kind).FirstOrDefault() is not { } known)
            return null;
        string?[] parts = target is null ? [] : target.Split(':');
        return parts switch
        {
            [] => new FaultChoice(known, null, null, follows),
            [{ } process] when Names.AllProcesses.Contains(process) => new FaultChoice(known, process, null, follows),
            [{ } process, { } server] when Names.AllProcesses.Contains(process) && Names.Servers.Contains(Names.KindOf(server)) => new FaultChoice(
                known,
                process,
                server,
                follows
            ),
            _ => null,
        };
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var sign = Follows ? $"{Following}" : "";
        return (Process, Server) switch
        {
            (null, _) => sign + Names.Of(Kind),
            (_, null) => $"{sign}{Names.Of(Kind)}@{Process}",
            _ => $"{sign}{Names.Of(Kind)}@{Process}:{Server}",
        };
    }
}
