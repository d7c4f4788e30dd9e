using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using IdentityHub.Client.Sessions;

namespace Spa;

/// <summary>
/// The backend for the frontend: it signs in, has the session and keeps the tokens. The browser has a cookie that no
/// script can read, and what these answer.
/// </summary>
internal static class Backend
{
    // A header of our own: a form or an image of another site cannot send it, and a script of another site would be asked
    // for permission first, which nobody gives (CORS).
    private const string OurScript = "X-Spa";

    public static IResult Me(ClaimsPrincipal person) => person.Identity?.IsAuthenticated is true
        ? Results.Json(new { sub = person.FindFirstValue("sub"), sid = person.FindFirstValue("sid"), name = person.Identity.Name })
        : Results.Json(new { error = "signed_out" }, statusCode: 401);

    public static async ValueTask<object?> RequireOurScript(EndpointFilterInvocationContext call, EndpointFilterDelegate next) =>
        call.HttpContext.Request.Headers.ContainsKey(OurScript)
            ? await next(call)
            : Results.Problem(statusCode: 403, title: $"The header {OurScript} is missing.", detail: "Only this application's own page may call this.");

    public static IResult List(ClaimsPrincipal person, Tasks tasks) => Results.Json(tasks.Of(Sub(person)));

    public static IResult Add(ClaimsPrincipal person, Tasks tasks, NewTask task)
    {
        if (string.IsNullOrWhiteSpace(task.Text) || task.Text.Length > Tasks.Longest)
        {
            return Results.Problem(statusCode: 400, title: $"A task has between 1 and {Tasks.Longest} characters.");
        }

        tasks.Add(Sub(person), task.Text.Trim());
        return List(person, tasks);
    }

    /// <summary>One event when it begins, and one when the session has ended, wherever and by whom.</summary>
    public static IResult Watch(HttpContext context, IHostApplicationLifetime lifetime, CancellationToken left) =>
        Results.ServerSentEvents(EventsAsync(context, lifetime, left));

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        HttpContext context, IHostApplicationLifetime lifetime, [EnumeratorCancellation] CancellationToken left)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(left, lifetime.ApplicationStopping);
        yield return new("", "watching");
        if (await context.SessionEndsAsync(over.Token))
        {
            yield return new("", "ended");
        }
    }

    private static string Sub(ClaimsPrincipal person) => person.FindFirstValue("sub")!;
}

internal sealed record NewTask(string? Text);
