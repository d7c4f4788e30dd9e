using IdentityHub.Client.Diagnostics;
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
internal sealed partial class Receiver(
    LogoutTokenValidator tokens, ISessionStore store, TimeProvider time, ClientMetrics metrics, ILogger<Receiver> log)
{
    /// <summary>A logout token has about one kilobyte.</summary>
    public const int MaximumBody = 32 * 1024;

    private readonly LogLimit _refusalsLogged = new(time);

    /// <param name="Status">200, 400, 405 or 503.</param>
    /// <param name="Outcome">For the metrics.</param>
    /// <param name="Body">Why not, when it is not 200.</param>
    private sealed record Answer(int Status, string Outcome, Refusal? Body = null);

    public static Task Handle(HttpContext context, Receiver receiver) => receiver.AnswerAsync(context);

    private async Task AnswerAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var outcome = "failed"; // what stays when the store throws
        context.Response.Headers.CacheControl = "no-store"; // §2.8
        try
        {
            var answer = await DecideAsync(context);
            outcome = answer.Outcome;
            context.Response.StatusCode = answer.Status;
            if (answer.Body is { } body)
            {
                Tell(body);
                await context.Response.WriteAsJsonAsync(body, RefusalJson.Default.Refusal, cancellationToken: context.RequestAborted);
            }
        }
        finally
        {
            metrics.Logout("back", outcome, time.GetElapsedTime(started));
        }
    }

    private async Task<Answer> DecideAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            return new(405, "malformed", new("invalid_request", "A logout token is sent by POST."));
        }

        var (token, malformed) = await ReadFormAsync(context);
        if (token is null)
        {
            return new(400, "malformed", new("invalid_request", malformed!));
        }

        try
        {
            var (notice, refusal) = await tokens.ValidateAsync(token, context.RequestAborted);
            return notice is not null ? await EndAsync(notice) : Refused("refused", refusal!);
        }
        // Not 400: nothing was found wrong with the token, and a provider repeats a request only after a server error
        // (§2.5, §2.8).
        catch (ProviderUnavailableException)
        {
            return new(503, "provider_unavailable", new("temporarily_unavailable", "The provider's keys cannot be fetched right now."));
        }
    }

    private async Task<Answer> EndAsync(LogoutNotice notice)
    {
        // A provider that hangs up has still asked for it.
        switch (await store.EndAsync(notice, CancellationToken.None))
        {
            case LogoutOutcome.Replayed:
                return Refused("replayed", "its jti was used before");
            case LogoutOutcome.OtherSubject:
                return Refused("other_subject", "sid does not belong to sub");
            default:
                Log.Ended(log, notice.Sid is not null ? "one session" : "all sessions of a person");
                return new(200, "ended");
        }
    }

    private static Answer Refused(string outcome, string reason) =>
        new(400, outcome, new("invalid_request", $"The logout token is refused: {reason}."));

    // Anybody can post here, so the log is protected from them; the sentences are ours and carry nothing of the request.
    private void Tell(Refusal refusal)
    {
        if (_refusalsLogged.Allows(out var leftOut))
        {
            Log.Refused(log, refusal.Description, leftOut);
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

    private static partial class Log
    {
        [LoggerMessage(30, LogLevel.Information, "The provider ended {What} by back-channel logout.")]
        public static partial void Ended(ILogger log, string what);

        [LoggerMessage(31, LogLevel.Warning, "A logout request was refused: {Reason} ({LeftOut} such lines left out before)")]
        public static partial void Refused(ILogger log, string reason, long leftOut);
    }
}
