namespace Coupon.Faults.Schedules;

/// <summary>What a fault concerns: a process, a server, a link between the two, or the coupon.</summary>
/// <param name="Process">One of <see cref="Names.Processes"/>; null: none in particular.</param>
/// <param name="Server">One of <see cref="Names.Servers"/>, or one server of such a kind (<see cref="Names.Node"/>); null: none.</param>
internal sealed record FaultTarget(string? Process, string? Server)
{
    /// <summary>All processes, one after the other.</summary>
    public const string EveryProcess = "every process";

    /// <summary>Whether both touch the same process, server or link, so that the end of one would end the other.</summary>
    public bool Touches(FaultTarget other) =>
        IsProcess && other.IsProcess
            ? Process == other.Process || Process == EveryProcess || other.Process == EveryProcess
            : Process == other.Process && Server is not null && other.Server is not null && Names.KindOf(Server) == Names.KindOf(other.Server);

    /// <inheritdoc />
    public override string ToString() =>
        (Process, Server) switch
        {
            (null, null) => "coupon",
            (null, var server) => server,
            (var process, null) => process,
            var (process, server) => $"{process} to {server}",
        };

    private bool IsProcess => Process is not null && Server is null;
}
