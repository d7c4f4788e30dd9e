using Microsoft.AspNetCore.Antiforgery;

namespace IdentityHub.Protocol;

/// <summary>
/// Asks the antiforgery middleware to check a form. Endpoints that bind a form from a parameter get this by
/// themselves; ours read it from the request.
/// </summary>
internal sealed class CheckAntiforgery : IAntiforgeryMetadata
{
    public static readonly CheckAntiforgery Required = new();

    public bool RequiresValidation => true;
}
