using IdentityHub.Revocation;

namespace IdentityHub.Api;

/// <summary>Who asks: an application for itself, or for a person who is signed in.</summary>
/// <param name="ClientId">The application.</param>
/// <param name="UserId">The person; null when the application asks for itself.</param>
internal sealed record ApiCaller(string ClientId, Guid? UserId)
{
    /// <summary>As the audit and the record of what was ended show it.</summary>
    public Initiator Initiator => UserId is { } person ? Initiator.Administrator(person) : Initiator.RelyingParty(ClientId);

    public static ApiCaller Of(HttpContext context) => context.Features.Get<ApiCaller>()
        ?? throw new InvalidOperationException("The endpoint does not say which capability it needs.");
}
