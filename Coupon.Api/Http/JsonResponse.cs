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

        // Without the token of an aborted request, which the server would have to make: it throws away what is written to a client that has gone.
        return response.Body.WriteAsync(body, 0, body.Length);
    }
}
