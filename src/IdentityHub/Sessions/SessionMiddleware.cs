namespace IdentityHub.Sessions;

/// <summary>Puts the live session of the request, if there is one, where endpoints find it.</summary>
internal sealed class SessionMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, SessionCheck check)
    {
        if (await check.FindAsync(context) is { } session)
        {
            context.Features.Set(session);
        }

        await next(context);
    }
}
