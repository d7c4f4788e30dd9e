namespace IdentityHub.Pages;

/// <summary>
/// Where the forms of this page may lead besides the hub itself. Chromium holds <c>form-action</c> against every
/// redirect that follows a POST: ours to the relying party, and then the relying party's own, to a host that only it
/// knows (one that signs its people in through a broker goes through several). So a page whose form ends at a relying
/// party allows the scheme; every other page allows the hub alone.
/// </summary>
internal sealed class FormTargets
{
    private readonly SortedSet<string> sources = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Sources => sources;

    public static FormTargets Of(HttpContext context)
    {
        if (context.Features.Get<FormTargets>() is not { } targets)
        {
            context.Features.Set(targets = new FormTargets());
        }

        return targets;
    }

    /// <summary>
    /// Allows the scheme of a registered redirect URI: https, http on a developer's machine (which includes https), or
    /// the one that an application on a phone has for itself (RFC 8252 §7.1).
    /// </summary>
    public void Allow(Uri redirect) => sources.Add($"{redirect.Scheme}:");
}
