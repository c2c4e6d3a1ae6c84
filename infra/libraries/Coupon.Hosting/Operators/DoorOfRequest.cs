using Microsoft.AspNetCore.Http;

namespace Coupon.Hosting.Operators;

/// <summary>
/// Says at which door a request came in, by the port of its connection: the headers may be forged. Where no operators' door is open, every request is
/// at the public one.
/// </summary>
public sealed class DoorOfRequest(OperatorOptions options)
{
    // Kept: the options make the address anew each time.
    private readonly int? _port = options.Address?.Port;

    /// <summary>Whether the request came in at the operators' door.</summary>
    public bool IsOperators(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Connection.LocalPort == _port;
    }
}
