namespace IdentityHub.Pages;

/// <summary>
/// Nothing is kept by a browser or a proxy unless its endpoint says so (ASVS 14.3.2): after sign-out, Back must not
/// show what the person saw.
/// </summary>
internal static class NoStore
{
    public static Task Invoke(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var headers = ((HttpResponse)state).Headers;
            if (headers.CacheControl.Count == 0)
            {
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        }, context.Response);
        return next(context);
    }
}
