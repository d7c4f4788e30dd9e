namespace IdentityHub.Sessions;

/// <summary>The live session of the request at hand, as its row was when the request arrived.</summary>
internal sealed record CurrentSession(
    Guid Id,
    string Sid,
    Guid UserId,
    string Name,
    string Email,
    DateTimeOffset AuthenticatedAt,
    string Amr,
    DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset AbsoluteExpiresAt,
    SessionTerms Terms)
{
    /// <summary>Whether the person has turned the second factor on.</summary>
    public bool HasSecondFactor { get; init; }

    public string Subject => UserId.ToString();

    /// <summary>The session of this request, null when nobody is signed in. Endpoints take it as a parameter.</summary>
    public static CurrentSession? Of(HttpContext context) => context.Features.Get<CurrentSession>();

    public static ValueTask<CurrentSession?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));
}
