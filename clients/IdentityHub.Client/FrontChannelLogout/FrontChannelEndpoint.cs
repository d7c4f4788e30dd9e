using IdentityHub.Client.Diagnostics;
using IdentityHub.Client.Provider;
using IdentityHub.Client.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.FrontChannelLogout;

/// <summary>
/// The front-channel logout endpoint (Front-Channel Logout 1.0 §2): the provider's sign-out page loads it in an invisible
/// frame, in the person's own browser. It ends the session of the cookie that comes along, when <c>iss</c> and <c>sid</c>
/// are that session's; somebody who only knows a <c>sid</c> ends nothing. Our cookie is SameSite=Lax, so it comes along
/// where provider and application share a site; elsewhere browsers block it anyhow (§4.1), and the back channel is the way.
/// </summary>
internal sealed partial class FrontChannelEndpoint(
    ProviderMetadata provider, SignedInSessions sessions, IOptions<IdentityHubOptions> options, TimeProvider time,
    ClientMetrics metrics, ILogger<FrontChannelEndpoint> log)
{
    private readonly LogLimit _refusalsLogged = new(time);

    public static Task Get(HttpContext context, FrontChannelEndpoint endpoint) => endpoint.AnswerAsync(context);

    private async Task AnswerAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store"; // §2
        headers.ContentSecurityPolicy = $"default-src 'none'; frame-ancestors {await AncestorsAsync(context.RequestAborted)}";
        headers["Referrer-Policy"] = "no-referrer";
        // It knows no origin, only none or our own; set for all pages by the application, it would keep the provider out.
        headers.Remove("X-Frame-Options");

        var outcome = "failed";
        try
        {
            outcome = await EndAsync(context);
        }
        finally
        {
            metrics.Logout("front", outcome, time.GetElapsedTime(started));
        }

        if (outcome == "refused" && _refusalsLogged.Allows(out var leftOut))
        {
            Log.Refused(log, leftOut);
        }

        // §2: also for a session that is over already. What the frame shows, nobody sees.
        context.Response.StatusCode = outcome == "refused" ? 400 : 200;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(
            outcome == "refused" ? "<!doctype html><title>iss and sid do not name this session</title>" : "<!doctype html><title>Signed out</title>",
            context.RequestAborted);
    }

    private async Task<string> EndAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (query["iss"] is not [{ Length: > 0 } iss] || query["sid"] is not [{ Length: > 0 } sid])
        {
            return "refused";
        }

        if (await sessions.PeekAsync(context, context.RequestAborted) is not { } session)
        {
            return "ended";
        }

        if (session.Issuer != iss || session.Sid != sid)
        {
            return "refused";
        }

        await sessions.EndAsync(context);
        // The pages of the person who is gone. Not "cookies", which reaches the whole registrable domain.
        context.Response.Headers["Clear-Site-Data"] = "\"cache\"";
        Log.Ended(log);
        return "ended";
    }

    /// <summary>The provider alone may frame this; while it is unknown, nobody.</summary>
    private async Task<string> AncestorsAsync(CancellationToken cancel)
    {
        try
        {
            var metadata = await provider.GetConfigurationAsync(cancel);
            string?[] pages = [options.Value.Authority, metadata.EndSessionEndpoint];
            return string.Join(' ', pages
                .Select(page => Uri.TryCreate(page, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null)
                .OfType<string>().Distinct());
        }
        catch (ProviderUnavailableException)
        {
            return "'none'"; // logged where it was fetched; the session ends all the same
        }
    }

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Information, "The provider ended one session by front-channel logout.")]
        public static partial void Ended(ILogger log);

        [LoggerMessage(41, LogLevel.Warning, "A front-channel logout was refused: iss and sid are missing or not this session's. Register the client with frontchannel_logout_session_required. ({LeftOut} such lines left out before)")]
        public static partial void Refused(ILogger log, long leftOut);
    }
}
