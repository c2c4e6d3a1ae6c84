namespace Coupon.Consumers.Pages;

/// <summary>The filter of a list as a query string, for the links of its page.</summary>
internal static class FilterQuery
{
    /// <summary>The filter of a request, without its page, its order and its notice.</summary>
    public static QueryString Of(HttpRequest request) =>
        QueryString.Create(
            request
                .Query.Where(field =>
                    field.Key is "id" or "state" or "cause" or "coupon" or "user" or "since" or "until" or "origin" or "text" or "failedIn"
                )
                .SelectMany(field =>
                    field.Value.Where(value => !string.IsNullOrEmpty(value)).Select(value => KeyValuePair.Create<string, string?>(field.Key, value))
                )
        );
}
