namespace IdentityHub.Sessions;

/// <summary>
/// Marks endpoints that a page asks by itself. Such a request has the session and is no use of it: else a page that is
/// open in a forgotten window would keep it alive for ever (ASVS 7.3.1).
/// </summary>
internal sealed class Passive
{
    public static readonly Passive Mark = new();

    private Passive()
    {
    }

    public static bool Is(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<Passive>() is not null;
}
