namespace Coupon.Api.Http;

/// <summary>Writes a serialized body with its length, in one write and not chunked.</summary>
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
