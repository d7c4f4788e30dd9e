using IdentityHub.Data;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace IdentityHub.RevocationFeed;

/// <summary>
/// <c>GET /revocations</c>: what has ended, from a position on or from the oldest that is kept, and then as it happens.
/// The wire format is documented in <c>docs/revocation-feed.md</c>.
/// </summary>
internal sealed partial class FeedStream(
    FeedAccess access,
    Subscribers subscribers,
    IServiceScopeFactory scopes,
    IHostApplicationLifetime lifetime,
    IOptions<RevocationFeedOptions> options,
    TimeProvider time,
    ILogger<FeedStream> log)
{
    private const int Piece = 16 * 1024;

    public async Task<IResult> GetAsync(HttpContext context)
    {
        var admission = await access.JudgeAsync(context.Request, context.RequestAborted);
        if (admission.Refusal is { } refusal)
        {
            context.Response.Headers.WWWAuthenticate = refusal.Challenge;
            return TypedResults.Json(new { error = refusal.Error ?? "unauthorized", error_description = refusal.Description }, statusCode: refusal.Status);
        }

        if (!subscribers.TryEnter())
        {
            context.Response.Headers.RetryAfter = "5";
            return TypedResults.Json(new { error = "temporarily_unavailable", error_description = "This node has as many subscribers as it may (RevocationFeed:MaxSubscribers)." }, statusCode: 503);
        }

        try
        {
            await FollowAsync(context, admission);
        }
        finally
        {
            subscribers.Leave();
        }

        return TypedResults.Empty;
    }

    private async Task FollowAsync(HttpContext context, FeedAdmission admission)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        // The stream lasts no longer than the right to it.
        var left = admission.Until - time.GetUtcNow();
        using var expired = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var expiry = expired.Token.Register(over.Cancel);
        try
        {
            await SendAsync(context, over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The subscriber left, its token expired or the hub stops; it comes back with the position it has.
        }
        catch (TimeoutException)
        {
            // It holds a connection and takes nothing from it.
            Log.Cut(log, admission.ClientId!);
            context.Abort();
        }
    }

    private async Task SendAsync(HttpContext context, CancellationToken over)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // nginx would hold events back until its buffer is full.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        var body = new FeedBody(response.BodyWriter, options.Value.WriteWithin, time);
        body.Write(FeedFrame.Welcome);
        await body.SendAsync(over);
        var since = await ResumeAsync(body, context.Request.Headers["Last-Event-ID"].ToString(), over);
        while (true)
        {
            using var subscriber = subscribers.Join();
            await subscriber.Joined.WaitAsync(over);
            await CatchUpAsync(body, since, over);
            while (await subscriber.Frames.WaitToReadAsync(over))
            {
                // What waits goes out together, in pieces that a slow subscriber can hold up.
                for (var written = 0; written < Piece && subscriber.Frames.TryRead(out var frame);)
                {
                    written += body.Write(frame);
                }

                await body.SendAsync(over);
            }

            // More came than could wait: on from where it is, out of the database.
            since = body.Position!.Value.Since;
        }
    }

    /// <summary>Where to begin: after what the subscriber has, or at the oldest that is kept.</summary>
    private async Task<long> ResumeAsync(FeedBody body, string lastEventId, CancellationToken over)
    {
        if (lastEventId.Length == 0)
        {
            return 0;
        }

        await using var scope = scopes.CreateAsyncScope();
        var now = await FeedOf(scope).NowAsync(over);
        var position = FeedPosition.Parse(lastEventId);
        var refusal = position is { } known ? known.Refusal(now, options.Value.KeepFor) : "Last-Event-ID is not a position of this feed.";
        if (refusal is null)
        {
            return position!.Value.Since;
        }

        body.Write(FeedFrame.Reset(refusal));
        return 0;
    }

    private async Task CatchUpAsync(FeedBody body, long since, CancellationToken over)
    {
        await using var scope = scopes.CreateAsyncScope();
        var feed = FeedOf(scope);
        var now = await feed.NowAsync(over);
        FeedEntry? last = null;
        List<FeedEntry> page;
        do
        {
            page = await feed.ReadAsync(since, last, over);
            foreach (var entry in page)
            {
                body.Write(FeedFrame.Of(entry, feed.After(entry, now)));
            }

            await body.SendAsync(over);
            last = page.LastOrDefault();
        }
        while (page.Count == FeedLog.Page);
        body.Write(FeedFrame.Current(now, options.Value));
        await body.SendAsync(over);
    }

    private FeedLog FeedOf(AsyncServiceScope scope) => new(scope.ServiceProvider.GetRequiredService<HubDb>(), time);

    private static partial class Log
    {
        [LoggerMessage(7003, LogLevel.Warning, "{ClientId} took nothing from the revocation feed and was cut; it can resume where it was.")]
        public static partial void Cut(ILogger logger, string clientId);
    }
}
