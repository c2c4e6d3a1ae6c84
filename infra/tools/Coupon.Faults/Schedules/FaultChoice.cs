namespace Coupon.Faults.Schedules;

/// <summary>A fault that a schedule must have, as the command line names it: <c>half-open-link@api-1:kafka</c>.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Process">To which process; null: it is drawn.</param>
/// <param name="Server">To which server; null: it is drawn.</param>
internal sealed record FaultChoice(FaultKind Kind, string? Process, string? Server)
{
    /// <summary>Reads one; null: it is none.</summary>
    public static FaultChoice? Parse(string text)
    {
        var (name, target) = text.Split('@') is [var before, var after] ? (before, after) : (text, null);
        if (Enum.GetValues<FaultKind>().Where(kind => Names.Of(kind) == name).Select(kind => (FaultKind?)kind).FirstOrDefault() is not { } known)
            return null;
        string?[] parts = target is null ? [] : target.Split(':');
        return parts switch
        {
            [] => new FaultChoice(known, null, null),
            [{ } process] when Names.AllProcesses.Contains(process) => new FaultChoice(known, process, null),
            [{ } process, { } server] when Names.AllProcesses.Contains(process) && Names.Servers.Contains(Names.KindOf(server)) => new FaultChoice(
                known,
                process,
                server
            ),
            _ => null,
        };
    }

    /// <inheritdoc />
    public override string ToString() =>
        (Process, Server) switch
        {
            (null, _) => Names.Of(Kind),
            (_, null) => $"{Names.Of(Kind)}@{Process}",
            _ => $"{Names.Of(Kind)}@{Process}:{Server}",
        };
}
