using IdentityHub.Client.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityHub.Client.SignIn;

/// <summary>
/// Notices the proxy whose word about the scheme the application does not take: the redirect_uri then says http, the
/// provider refuses it on a page of its own, and nothing here would tell why. ASP.NET Core removes the header that it obeys.
/// </summary>
internal sealed partial class ForwardedScheme(TimeProvider time, ILogger<ForwardedScheme> log)
{
    private readonly LogLimit _logged = new(time);

    public void Notice(HttpRequest request)
    {
        if (!request.IsHttps && request.Headers["X-Forwarded-Proto"].ToString().Equals("https", StringComparison.OrdinalIgnoreCase)
            && _logged.Allows(out var leftOut))
        {
            Log.NotObeyed(log, leftOut);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(23, LogLevel.Warning, "A proxy says that the browser uses https, and this application sees http, so the redirect_uri will be http too. Add app.UseForwardedHeaders() first in the pipeline and name the proxy in ForwardedHeadersOptions. ({LeftOut} such lines left out before)")]
        public static partial void NotObeyed(ILogger log, long leftOut);
    }
}
