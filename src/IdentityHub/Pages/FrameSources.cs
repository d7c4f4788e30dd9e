namespace IdentityHub.Pages;

/// <summary>
/// What a page may show in a frame: nothing, but for the page after a sign-out, which loads the front-channel logout
/// addresses of exactly the applications of that session (Front-Channel Logout §2).
/// </summary>
internal sealed class FrameSources
{
    private readonly SortedSet<string> _origins = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Origins => _origins;

    public static FrameSources Of(HttpContext context)
    {
        if (context.Features.Get<FrameSources>() is not { } sources)
        {
            context.Features.Set(sources = new FrameSources());
        }

        return sources;
    }

    public void Allow(Uri address) => _origins.Add(address.GetLeftPart(UriPartial.Authority));
}
