namespace Coupon.Api.Http;

/// <summary>Writes a body that is already serialized, with its length: one write, nothing chunked.</summary>
internal static class JsonResponse
{
    public const string Json = "application/json; charset=utf-8";

    public static Task WriteAsync(HttpResponse response, int status, string contentType, byte[] body)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length, response.HttpContext.RequestAborted);
    }
}
