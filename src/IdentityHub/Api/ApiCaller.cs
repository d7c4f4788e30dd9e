using IdentityHub.Access;
using IdentityHub.Revocation;

namespace IdentityHub.Api;

/// <summary>Who asks: an application for itself, or for a person who is signed in.</summary>
/// <param name="ClientId">The application.</param>
/// <param name="UserId">The person; null when the application asks for itself.</param>
/// <param name="Scopes">What the access token has.</param>
internal sealed record ApiCaller(string ClientId, Guid? UserId, IReadOnlyList<string> Scopes)
{
    /// <summary>
    /// Of the given scopes those of the administration that the caller may not hand on: a program that registers others
    /// would otherwise have every scope by two requests. A person's role, which is asked at each use, limits theirs.
    /// </summary>
    public IEnumerable<string> Beyond(IEnumerable<string> scopes) => UserId is null ? scopes.Intersect(Capabilities.Scopes).Except(Scopes) : [];

    /// <summary>As the audit and the record of what was ended show it.</summary>
    public Initiator Initiator => UserId is { } person ? Initiator.Administrator(person) : Initiator.RelyingParty(ClientId);

    public static ApiCaller Of(HttpContext context) => context.Features.Get<ApiCaller>()
        ?? throw new InvalidOperationException("The endpoint does not say which capability it needs.");
}
