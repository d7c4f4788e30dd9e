using IdentityHub.Client.Provider;
using IdentityHub.Client.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace IdentityHub.Client.BackChannelLogout;

/// <summary>
/// The back-channel logout endpoint (Back-Channel Logout §2.5–2.8). Anonymous by nature: the token proves who sent it, so
/// there is neither a cookie nor an antiforgery token. It ends sessions without seeing the browser, and answers 200 for a
/// session it does not have: that one is over, which is what was asked.
/// </summary>
internal sealed partial class Receiver(LogoutTokenValidator tokens, ISessionStore store, ILogger<Receiver> log)
{
    /// <summary>A logout token has about one kilobyte.</summary>
    public const int MaximumBody = 32 * 1024;

    public static Task Handle(HttpContext context, Receiver receiver) => receiver.AnswerAsync(context);

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store"; // §2.8
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            await RefuseAsync(context, 405, "invalid_request", "A logout token is sent by POST.");
            return;
        }

        var (token, refusal) = await ReadFormAsync(context);
        if (token is null)
        {
            await RefuseAsync(context, 400, "invalid_request", refusal!);
            return;
        }

        try
        {
            await EndAsync(context, token);
        }
        // Not 400: nothing was found wrong with the token, and a provider repeats a request only after a server error
        // (§2.5, §2.8).
        catch (ProviderUnavailableException)
        {
            await RefuseAsync(context, 503, "temporarily_unavailable", "The provider's keys cannot be fetched right now.");
        }
    }

    private async Task EndAsync(HttpContext context, string token)
    {
        var (notice, refusal) = await tokens.ValidateAsync(token, context.RequestAborted);
        if (notice is null)
        {
            Log.Refused(log, refusal!);
            await RefuseAsync(context, 400, "invalid_request", $"The logout token is refused: {refusal}.");
            return;
        }

        // A provider that hangs up has still asked for it.
        switch (await store.EndAsync(notice, CancellationToken.None))
        {
            case LogoutOutcome.Replayed:
                Log.Refused(log, "replayed");
                await RefuseAsync(context, 400, "invalid_request", "The logout token is refused: its jti was used before.");
                break;
            case LogoutOutcome.OtherSubject:
                Log.Refused(log, "other subject");
                await RefuseAsync(context, 400, "invalid_request", "The logout token is refused: sid does not belong to sub.");
                break;
            default:
                Log.Ended(log, notice.Sid is not null ? "one session" : "all sessions of a person");
                context.Response.StatusCode = 200;
                break;
        }
    }

    private static async Task<(string? Token, string? Refusal)> ReadFormAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentType?.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) is not true)
        {
            return (null, "The content type must be application/x-www-form-urlencoded.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaximumBody;
        }

        try
        {
            var form = await request.ReadFormAsync(
                new FormOptions { ValueCountLimit = 32, KeyLengthLimit = 256, ValueLengthLimit = MaximumBody, BufferBodyLengthLimit = MaximumBody },
                context.RequestAborted);
            return form["logout_token"] is [{ Length: > 0 } token]
                ? (token, null)
                : (null, "The form must have exactly one logout_token.");
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return (null, $"The form is malformed or larger than {MaximumBody} bytes.");
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string error, string description)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new Refusal(error, description), RefusalJson.Default.Refusal, cancellationToken: context.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(30, LogLevel.Information, "The provider ended {What} by back-channel logout.")]
        public static partial void Ended(ILogger log, string what);

        [LoggerMessage(31, LogLevel.Warning, "A logout token was refused: {Reason}.")]
        public static partial void Refused(ILogger log, string reason);
    }
}
