using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IdentityHub.Pages;

/// <summary>
/// What is answered when something went wrong: a page for people, a problem (RFC 9457) for programs, an error of RFC 6749
/// for clients of OAuth, and for none of them anything of the inside but the request's id, under which the log has the rest (ASVS 16.5.1).
/// </summary>
internal static class Failure
{
    /// <summary>An exception that nobody caught. The server has logged it.</summary>
    public static Task Unexpected(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var status = exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
        return Answer(context, status, WantsPage(context.Request)).ExecuteAsync(context);
    }

    /// <summary>
    /// An error status without a body. Who asked for neither a page nor JSON keeps the empty answer: the protocol's
    /// endpoints say what they have to say in headers.
    /// </summary>
    public static Task EmptyAnswer(StatusCodeContext context)
    {
        var http = context.HttpContext;
        var mayExplain = http.Features.Get<SpeaksOAuth>() is not null && http.Response.StatusCode is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden);
        return mayExplain || WantsPage(http.Request) || WantsJson(http.Request)
            ? Answer(http, http.Response.StatusCode, WantsPage(http.Request)).ExecuteAsync(http)
            : Task.CompletedTask;
    }

    /// <summary>
    /// Stops a form that carries no proof of having been sent from a page of ours in this browser (ASVS 3.5.1), at
    /// every endpoint that asks for the proof, before its handler runs.
    /// </summary>
    public static Task RefusedForm(HttpContext context, RequestDelegate next) =>
        context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } refused
            ? Refuse(context, refused.Error?.InnerException).ExecuteAsync(context)
            : next(context);

    // The check reads the form, and so is the first to meet one that is too large or broken.
    private static IResult Refuse(HttpContext context, Exception? cause) => cause switch
    {
        BadHttpRequestException unread => Answer(context, unread.StatusCode, WantsPage(context.Request)),
        IOException or InvalidDataException => Answer(context, StatusCodes.Status400BadRequest, WantsPage(context.Request)),
        _ => Answer(context, StatusCodes.Status400BadRequest, WantsPage(context.Request), FailureText.ExpiredForm),
    };

    /// <summary>Ends a request that the hub does not take.</summary>
    public static Task EndAsync(HttpContext context, int status, FailureText? because = null) =>
        Answer(context, status, WantsPage(context.Request), because).ExecuteAsync(context);

    private static IResult Answer(HttpContext context, int status, bool page, FailureText? because = null)
    {
        var text = because ?? FailureText.Of(status);
        if (context.Features.Get<SpeaksOAuth>() is not null)
        {
            return TypedResults.Json(SpeaksOAuth.Error(status, text, context.TraceIdentifier), statusCode: status);
        }

        return page
            ? new RazorComponentResult<FailurePage>(new { Text = text, RequestId = context.TraceIdentifier }) { StatusCode = status }
            : TypedResults.Problem(
                statusCode: status,
                title: text.Title,
                detail: text.Sentence,
                extensions: new Dictionary<string, object?> { ["code"] = text.Code, ["requestId"] = context.TraceIdentifier });
    }

    private static bool WantsPage(HttpRequest request) => Accepts(request, "text/html");

    private static bool WantsJson(HttpRequest request) => Accepts(request, "application/json") || Accepts(request, "application/problem+json");

    private static bool Accepts(HttpRequest request, string type) =>
        request.GetTypedHeaders().Accept.Any(accepted => accepted.Quality != 0 && accepted.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase));
}
