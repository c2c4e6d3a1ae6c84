using System.Diagnostics;

namespace Coupon.Consumers.Issuing;

/// <summary>Where an exception was thrown, in a word that stays the same from release to release: without arguments and lines.</summary>
internal static class FailureFrame
{
    private const string Ours = "Coupon.";

    /// <summary>
    /// The first frame of this service, as <c>Type.Method</c>; where there is none, the first of all. Null: the exception was not thrown.
    /// </summary>
    public static string? Of(Exception exception)
    {
        var frames = new StackTrace(exception).GetFrames().Select(DiagnosticMethodInfo.Create).OfType<DiagnosticMethodInfo>().ToList();
        var first = frames.Find(frame => frame.DeclaringTypeName.StartsWith(Ours, StringComparison.Ordinal)) ?? frames.FirstOrDefault();
        return first is null ? null : Plain(first.DeclaringTypeName, first.Name);
    }

    // The compiler moves the body of an async method into Type+<Method>d__3.MoveNext.
    private static string Plain(string type, string method)
    {
        var nested = type.IndexOf("+<", StringComparison.Ordinal);
        if (nested < 0)
            return $"{type}.{method}";
        var end = type.IndexOf('>', nested);
        return end < nested + 3 ? $"{type[..nested]}.{method}" : $"{type[..nested]}.{type[(nested + 2)..end]}";
    }
}
