namespace Coupon.Consumers.Operators;

/// <summary>
/// Refuses what the page of another site makes an operator's browser send. A key or a token in a header is nothing that a browser sends by itself,
/// but
/// a proxy that adds the token for the console adds it to such a request too. Browsers say where a request comes from; programs say nothing.
/// </summary>
internal static class ForeignPages
{
    public static ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var request = context.HttpContext.Request;
        return HttpMethods.IsGet(request.Method) || request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            ? next(context)
            : ValueTask.FromResult<object?>(OperationProblems.Forbidden("This was sent by a page of another site."));
    }
}
