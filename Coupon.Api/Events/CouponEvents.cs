using Coupon.Hosting.Http;

namespace Coupon.Api.Events;

/// <summary>The answer that goes on: what is left of a coupon, and what became of the user's own press, until one of both sides ends it.</summary>
internal sealed class CouponEvents(long couponId, long? user, CouponFeed feed) : IResult
{
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var feeds = services.GetRequiredService<CouponFeeds>();
        try
        {
            if (HeadRequests.IsOne(httpContext))
                httpContext.Response.ContentType = EventStream.MediaType;
            else
                await SendAsync(httpContext, services.GetRequiredService<EventOptions>(), services.GetRequiredService<TimeProvider>());
        }
        finally
        {
            feeds.Leave(couponId, feed, user);
        }
    }

    private async Task SendAsync(HttpContext context, EventOptions options, TimeProvider time)
    {
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var over = new CancellationTokenSource(options.Duration, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, over.Token);
        var stream = new EventStream(context.Response);
        try
        {
            await stream.BeginAsync(context.RequestAborted);
            if (!await FollowAsync(stream, time, end.Token))
                await stream.WriteAsync("end"u8, """{"reason":"deleted"}"""u8, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone.
        }
        catch (OperationCanceledException)
        {
            // In order: the client asks for another one, where this program stops of another instance.
            var reason = stopping.IsCancellationRequested ? """{"reason":"stopping"}"""u8 : """{"reason":"duration"}"""u8;
            await stream.WriteAsync("end"u8, reason, CancellationToken.None);
        }
    }

    // False: the coupon was deleted.
    private async Task<bool> FollowAsync(EventStream stream, TimeProvider time, CancellationToken end)
    {
        CouponNews? sent = null;
        while (true)
        {
            var changed = feed.Changed;
            if (feed.Current is { } news && news != sent)
            {
                if (news.Coupon is null)
                    return false;
                if (sent?.Coupon.AsSpan().SequenceEqual(news.Coupon) != true)
                    await stream.WriteAsync("stock"u8, news.Coupon, end);
                if (user is { } own && sent?.Results.ContainsKey(own) != true && news.Results.TryGetValue(own, out var result))
                    await stream.WriteAsync("result"u8, result, end);
                sent = news;
            }

            using var silent = CancellationTokenSource.CreateLinkedTokenSource(end);
            var silence = Task.Delay(_silence, time, silent.Token);
            if (await Task.WhenAny(changed, silence) == silence)
            {
                await silence;
                await stream.KeepAliveAsync(end);
            }

            await silent.CancelAsync();
        }
    }
}
